import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instantAt } from "#kernel/time";
import { get } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { useTimeZone } from "./board.ts";
import { ListPage, listSearch, type ListQuery, type ListSearch } from "./list.tsx";
import { Moment, ProblemNotice } from "./parts.tsx";
import { wordFor } from "./i18n.ts";
import { useSession } from "./session.ts";
import { numberText } from "./time.ts";
import type { Column } from "./rows.tsx";

interface AuditLine {
  readonly seq: number;
  readonly at: string;
  readonly actorName: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly areaCode: string;
  readonly reason: string | null;
  readonly count: number;
}

interface Verdict {
  readonly blocks: number;
  readonly rows: number;
  readonly unsealed: number;
  readonly brokenBlock: number | null;
}

/** An action in the words of the page as far as it has them, and as the audit knows it: `tasks.submit`. */
function Action(props: { readonly name: string }): ReactNode {
  const { t } = useTranslation();
  const [part = "", operation = ""] = props.name.split(".");
  const done = t(`operation.${operation}`, { defaultValue: "" });
  return (
    <>
      {wordFor(t, "functions.part", part)}
      {done === "" ? null : ` · ${done}`} <code className="muted">{props.name}</code>
    </>
  );
}

/** Who did or looked at what, when and what for; and whether the seals hold. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const search: ListSearch = useSearch({ strict: false });
  const columns: Column<AuditLine>[] = [
    {
      title: t("admin.audit.at"),
      sortBy: "at",
      key: "at",
      fixed: "left",
      render: (_, row) => <Moment at={row.at} long />,
    },
    { title: t("admin.audit.actor"), dataIndex: "actorName", key: "actor" },
    { title: t("admin.audit.action"), key: "action", render: (_, row) => <Action name={row.action} /> },
    {
      title: t("admin.audit.subject"),
      key: "subject",
      render: (_, row) =>
        row.subjectType === "useCase" && row.subjectId === "" ? (
          "–"
        ) : (
          <code>
            {row.subjectType} {row.subjectId}
          </code>
        ),
    },
    {
      title: t("common.area"),
      key: "area",
      render: (_, row) => (row.areaCode === "" ? "–" : <AreaPath code={row.areaCode} />),
    },
    { title: t("admin.audit.reason"), key: "reason", render: (_, row) => row.reason ?? "–" },
    { title: t("admin.audit.count"), key: "count", align: "right", render: (_, row) => numberText(row.count) },
  ];
  const moment = (typed = ""): string | undefined =>
    typed === "" ? undefined : instantAt(typed.slice(0, 10), typed.slice(11, 16), timeZone);
  const spell = (query: ListQuery): ListQuery => ({
    ...query,
    actor: search.actor,
    action: search.action,
    from: moment(search.from),
    to: moment(search.to),
    reasoned: search.reasoned,
  });
  return (
    <ListPage<AuditLine>
      title={t("admin.audit.title")}
      intro={t("admin.audit.intro")}
      path="/api/v1/audit"
      usual="-at"
      topics={["audit"]}
      columns={columns}
      rowKey="seq"
      spell={spell}
      empty={t("admin.audit.empty")}
      actions={
        <>
          <AuditFilters search={search} />
          <Seals />
        </>
      }
    />
  );
}

/** The further filters of the audit, kept in the address like those of every list. */
function AuditFilters({ search }: { readonly search: ListSearch }): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const set = (change: ListSearch): void => {
    const { cursor: _cursor, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, ...change }) });
  };
  // What is typed is asked for when it is whole, not with every letter.
  const typed = (name: "actor" | "action", label: string): ReactNode => (
    <input
      key={`${name} ${search[name] ?? ""}`}
      type="search"
      className="plain-input audit-field"
      placeholder={label}
      aria-label={label}
      defaultValue={search[name] ?? ""}
      onBlur={({ target }) =>
        target.value.trim() === (search[name] ?? "") ? undefined : set({ [name]: target.value.trim() })
      }
      onKeyDown={(event) => (event.key === "Enter" ? event.currentTarget.blur() : undefined)}
    />
  );
  const moment = (name: "from" | "to", label: string): ReactNode => (
    <input
      type="datetime-local"
      className="plain-input audit-time"
      aria-label={label}
      value={search[name] ?? ""}
      onChange={({ target }) => set({ [name]: target.value })}
    />
  );
  return (
    <>
      {typed("actor", t("admin.audit.actor"))}
      {typed("action", t("admin.audit.actionBegins"))}
      {moment("from", t("admin.audit.from"))}
      {moment("to", t("admin.audit.to"))}
      <label className="check">
        <input
          type="checkbox"
          checked={search.reasoned === "true"}
          onChange={({ target }) => set({ reasoned: target.checked ? "true" : "" })}
        />
        {t("admin.audit.reasoned")}
      </label>
    </>
  );
}

function Seals(): ReactNode {
  const { t } = useTranslation();
  const may = useSession()?.permissions.includes("audit.log.verify") === true;
  const verdict = useMutation({ mutationFn: () => get<Verdict>("/api/v1/audit/verdict") });
  if (!may) return null;
  return (
    <>
      <Button size="small" loading={verdict.isPending} onClick={() => verdict.mutate()}>
        {t("admin.audit.verify")}
      </Button>
      {verdict.error ? <ProblemNotice error={verdict.error} /> : null}
      {verdict.data ? (
        <Alert
          showIcon
          type={verdict.data.brokenBlock === null ? "success" : "error"}
          title={
            verdict.data.brokenBlock === null
              ? t("admin.audit.sound", {
                  blocks: numberText(verdict.data.blocks),
                  rows: numberText(verdict.data.rows),
                  unsealed: numberText(verdict.data.unsealed),
                })
              : t("admin.audit.broken", { block: verdict.data.brokenBlock })
          }
        />
      ) : null}
    </>
  );
}
