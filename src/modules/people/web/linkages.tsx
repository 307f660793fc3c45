import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LinkageProgress } from "#domain/people";
import { get, withQuery, type Page } from "#web/api";
import { durationText, numberText, shareText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { HeldList } from "#webx/held-list";
import type { ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Bar, Moment, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import type { Column } from "#webx/rows";

/** While something runs, the page asks how far it is. */
const askAgainMs = 2_000;
const shownMax = "50";
const secondsPerMinute = 60;

function Share(props: { readonly row: LinkageProgress }): ReactNode {
  const { t } = useTranslation();
  const { done, total } = props.row;
  const share = shareText(total === 0 ? 1 : done / total);
  return (
    <>
      <Bar
        label={`${t("registers.linkage.share")} ${share}`}
        parts={[{ key: "done", value: total === 0 ? 1 : done, tone: "main" }]}
        total={Math.max(total, 1)}
      />
      {share}
    </>
  );
}

/** Comparisons of registers: how far each is, what it found, and how to stop it. */
export function Linkages(): ReactNode {
  const { t, i18n } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/register-linkages", { areaCode: search.areaCode, limit: shownMax });
  const found = useQuery({
    queryKey: ["list", url, i18n.language],
    queryFn: () => get<Page<LinkageProgress>>(url),
    meta: { topics: ["people"] },
    refetchInterval: ({ state }) => (state.data?.items.some((row) => row.state === "running") ? askAgainMs : false),
  });
  const number = (title: string, key: "done" | "linked" | "review" | "unmatched") =>
    ({ title, key, align: "right", render: (_: unknown, row: LinkageProgress) => numberText(row[key]) }) as const;
  const columns: readonly Column<LinkageProgress>[] = [
    { title: t("registers.code"), key: "register", fixed: "left", render: (_, row) => row.register },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="registers.values.linkageState" value={row.state} />,
    },
    { title: t("registers.linkage.share"), key: "share", render: (_, row) => <Share row={row} /> },
    number(t("registers.linkage.done"), "done"),
    number(t("registers.linked"), "linked"),
    number(t("registers.inReview"), "review"),
    number(t("registers.linkage.unmatched"), "unmatched"),
    {
      title: t("registers.linkage.perSecond"),
      key: "pace",
      align: "right",
      render: (_, row) => (row.perSecond === null ? "–" : numberText(Math.round(row.perSecond))),
    },
    {
      title: t("registers.linkage.left"),
      key: "left",
      align: "right",
      render: (_, row) =>
        row.secondsLeft === null ? "–" : durationText(t, Math.ceil(row.secondsLeft / secondsPerMinute)),
    },
    { title: t("registers.linkage.by"), key: "by", render: (_, row) => row.startedName },
    { title: t("registers.linkage.startedAt"), key: "at", render: (_, row) => <Moment at={row.startedAt} /> },
    {
      title: "",
      key: "act",
      fixed: "right",
      render: (_, row) =>
        row.state === "running" ? (
          <OperationButton
            operation="cancelRegisterLinkage"
            params={{ no: String(row.no) }}
            confirm={t("registers.linkage.cancelConfirm")}
            danger
          />
        ) : null,
    },
  ];
  return (
    <div className="page">
      <h1>{t("registers.tabs.linkages")}</h1>
      <p className="page-intro">{t("registers.intro.linkages")}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={6} /> : null}
      {found.data ? (
        <HeldList
          name="linkages"
          title={t("registers.tabs.linkages")}
          columns={columns}
          rows={found.data.items}
          rowKey={(row) => String(row.no)}
          empty={t("registers.empty.linkages")}
        />
      ) : null}
    </div>
  );
}
