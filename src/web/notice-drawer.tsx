import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Notice } from "#domain/desk";
import { newKey, post } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { Dialog } from "./dialog.tsx";
import { wordFor } from "./i18n.ts";
import { noticesQuery } from "./notices.ts";
import { Due, Moment, ProblemNotice } from "./parts.tsx";
import { useSession } from "./session.ts";

/** What came in for one's teams and area, latest first; each opens its place. */
export function NoticeDrawer(props: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = useInfiniteQuery({
    queryKey: ["notices", "all"],
    queryFn: ({ pageParam }) => noticesQuery(pageParam).queryFn(),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    meta: noticesQuery(null).meta,
  });
  const marking = useMutation({
    mutationFn: (read: { readonly until?: string; readonly notices?: readonly string[] }) =>
      post("/api/v1/desk/notices/read", read, { key: newKey() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notices"] }),
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const latest = items[0]?.at;
  const open = (notice: Notice): void => {
    if (!notice.read) marking.mutate({ notices: [notice.id] });
    props.onClose();
  };
  return (
    <Dialog name={t("notices.title")} className="dialog-drawer" onClose={props.onClose}>
      <div className="drawer-head">
        <h2>{t("notices.title")}</h2>
        <button
          type="button"
          className="plain-button"
          disabled={latest === undefined || items.every(({ read }) => read)}
          onClick={() => latest === undefined || marking.mutate({ until: latest })}
        >
          {t("notices.readAll")}
        </button>
        <button type="button" className="plain-button" onClick={props.onClose}>
          {t("shell.close")}
        </button>
      </div>
      {found.error || marking.error ? <ProblemNotice error={found.error ?? marking.error} /> : null}
      {found.isPending ? <p role="status">{t("common.loading")}</p> : null}
      {found.data && items.length === 0 ? <p className="muted">{t("notices.none")}</p> : null}
      <ul className="notices">
        {items.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} onOpen={() => open(notice)} />
        ))}
      </ul>
      {found.hasNextPage ? (
        <button type="button" className="plain-button" onClick={() => void found.fetchNextPage()}>
          {t("notices.earlier")}
        </button>
      ) : null}
    </Dialog>
  );
}

function NoticeRow(props: { readonly notice: Notice; readonly onOpen: () => void }): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const { notice } = props;
  const what = (
    <>
      <b>{t(`notices.kind.${notice.kind}`)}</b> {whatOf(t, notice)}
    </>
  );
  const to = placeOf(notice, session?.permissions ?? []);
  return (
    <li data-read={notice.read}>
      <p>
        {notice.read ? null : <span className="notice-new">{t("notices.new")}</span>}
        {to === null ? (
          what
        ) : (
          <Link {...to} onClick={props.onOpen}>
            {what}
          </Link>
        )}
      </p>
      <p className="muted">
        <Moment at={notice.at} /> · <AreaPath code={notice.areaCode} />
        {notice.dueAt === null ? null : (
          <>
            {" · "}
            <Due at={notice.dueAt} />
          </>
        )}
      </p>
    </li>
  );
}

function whatOf(t: TFunction, notice: Notice): string {
  if (notice.taskKind !== null) return wordFor(t, "task.kind", notice.taskKind);
  return notice.level === null ? "" : wordFor(t, "enums.risk", notice.level);
}

interface To {
  readonly to: string;
  readonly params?: { readonly id: string };
}

/** Where a notice leads, for who may open it. */
function placeOf(notice: Notice, permissions: readonly string[]): To | null {
  const may = (permission: string): boolean => permissions.includes(permission);
  if (notice.taskId !== null) return { to: "/tasks/$id", params: { id: notice.taskId } };
  if (notice.subjectType === "tube" && may("cases.case.read"))
    return { to: "/tubes/$id", params: { id: notice.subjectId } };
  if (notice.subjectType === "tube") return { to: "/tubes" };
  if (notice.subjectType === "zone") return { to: "/zones/$id", params: { id: notice.subjectId } };
  return notice.kind === "briefing" ? { to: "/briefings" } : null;
}
