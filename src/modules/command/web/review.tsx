import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Review } from "#domain/command";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Moment, Panel, ProblemNotice, Waiting } from "#webx/parts";
import { HeldList } from "#webx/held-list";
import { Rows } from "#webx/rows";

function Stages({ stages }: { readonly stages: Review["stages"] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Rows<Review["stages"][number]>
      columns={[
        { title: t("orders.stage"), key: "stage", render: (_, row) => wordFor(t, "orders.values.stage", row.stage) },
        { title: t("orders.from"), key: "from", render: (_, row) => <Moment at={row.from} long /> },
        { title: t("orders.to"), key: "to", render: (_, row) => <Moment at={row.to} long /> },
        {
          title: t("orders.days"),
          key: "days",
          render: (_, row) => (
            <span className={row.met === null ? "muted" : row.met ? "due-met" : "due-late"}>
              {row.days ?? (row.met === false ? t("orders.missedOpen") : "–")} / {row.targetDays}
            </span>
          ),
        },
      ]}
      rows={stages}
      rowKey="stage"
      bare
    />
  );
}

function Late({ late }: { readonly late: Review["late"] }): ReactNode {
  const { t } = useTranslation();
  return (
    <HeldList<Review["late"][number]>
      name="late"
      title={t("orders.whatWasLate")}
      columns={[
        { title: t("orders.task"), key: "kind", render: (_, row) => wordFor(t, "task.kind", row.kind) },
        { title: t("orders.team"), key: "team", render: (_, row) => wordFor(t, "enums.team", row.team) },
        { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
        { title: t("orders.tasks"), dataIndex: "tasks", key: "tasks", align: "right" },
        { title: t("orders.late"), dataIndex: "late", key: "late", align: "right" },
        { title: t("orders.medianLate"), dataIndex: "medianLateMin", key: "median", align: "right" },
        { title: t("orders.worstLate"), dataIndex: "worstLateMin", key: "worst", align: "right" },
        { title: t("orders.escalated"), dataIndex: "escalated", key: "escalated", align: "right" },
      ]}
      rows={late}
      rowKey={(row) => `${row.kind} ${row.team} ${row.areaCode}`}
      empty={t("orders.nothingLate")}
      bare
    />
  );
}

/** The after-action review: 7-1-7, and what was late; with the printable review and chronicle. */
export function ReviewPanel(): ReactNode {
  const { t, i18n } = useTranslation();
  const found = useQuery({
    queryKey: ["review"],
    queryFn: () => get<Review>("/api/v1/review"),
    meta: { topics: ["command"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  const documentAt = (path: string): string => withQuery(path, { lang: i18n.language });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("orders.tabs.review")}</h1>
          <p className="page-intro">{t("orders.introReview")}</p>
        </div>
        <p className="row-actions">
          <a href={documentAt("/api/v1/review/document")} target="_blank" rel="noreferrer">
            {t("orders.printReview")}
          </a>
          <a href={documentAt("/api/v1/chronicle/document")} target="_blank" rel="noreferrer">
            {t("orders.printChronicle")}
          </a>
        </p>
      </header>
      {found.data.whole ? null : (
        <p className="notice" role="note">
          {t("orders.ownPart")} <AreaPath code={found.data.areaCode} />
        </p>
      )}
      <Panel title={t("orders.sevenOneSeven")}>
        <Stages stages={found.data.stages} />
      </Panel>
      <Panel title={t("orders.whatWasLate")}>
        <Late late={found.data.late} />
      </Panel>
    </div>
  );
}
