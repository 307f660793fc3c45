import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instantAt } from "#kernel/time";
import { get } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { useTimeZone } from "./board.ts";
import { Facts } from "./facts.tsx";
import { ListPage, type ListQuery } from "./list.tsx";
import { Moment, Panel, ProblemNotice, Waiting } from "./parts.tsx";
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

/** Who did or looked at what, when and what for; and whether the seals hold. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const [asked, setAsked] = useState({ actor: "", action: "", from: "", to: "", reasoned: false });
  const columns: Column<AuditLine>[] = [
    {
      title: t("admin.audit.at"),
      sortBy: "at",
      key: "at",
      fixed: "left",
      render: (_, row) => <Moment at={row.at} long />,
    },
    { title: t("admin.audit.actor"), dataIndex: "actorName", key: "actor" },
    { title: t("admin.audit.action"), key: "action", render: (_, row) => <code>{row.action}</code> },
    {
      title: t("admin.audit.subject"),
      key: "subject",
      render: (_, row) => (
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
  const moment = (typed: string): string | undefined =>
    typed === "" ? undefined : instantAt(typed.slice(0, 10), typed.slice(11, 16), timeZone);
  const spell = (query: ListQuery): ListQuery => ({
    ...query,
    actor: asked.actor.trim(),
    action: asked.action.trim(),
    from: moment(asked.from),
    to: moment(asked.to),
    reasoned: asked.reasoned ? "true" : undefined,
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
          <input
            className="plain-input audit-field"
            placeholder={t("admin.audit.actor")}
            aria-label={t("admin.audit.actor")}
            onChange={({ target }) => setAsked({ ...asked, actor: target.value })}
          />
          <input
            className="plain-input audit-field"
            placeholder={t("admin.audit.actionBegins")}
            aria-label={t("admin.audit.actionBegins")}
            onChange={({ target }) => setAsked({ ...asked, action: target.value })}
          />
          <input
            type="datetime-local"
            className="plain-input audit-time"
            aria-label={t("admin.audit.from")}
            onChange={({ target }) => setAsked({ ...asked, from: target.value })}
          />
          <input
            type="datetime-local"
            className="plain-input audit-time"
            aria-label={t("admin.audit.to")}
            onChange={({ target }) => setAsked({ ...asked, to: target.value })}
          />
          <label className="check">
            <input type="checkbox" onChange={({ target }) => setAsked({ ...asked, reasoned: target.checked })} />
            {t("admin.audit.reasoned")}
          </label>
          <Seals />
        </>
      }
    />
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
