import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BriefingCard } from "#domain/command";
import { withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { ListPage } from "#webx/list";
import { Moment } from "#webx/parts";

/** The briefings at 08:30 and 19:30, each with its frozen figures as a printable report. */
export function BriefingsPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const columns: TableColumnsType<BriefingCard> = [
    { title: t("briefings.no"), key: "no", fixed: "left", render: (_, row) => t("briefings.named", { no: row.no }) },
    {
      title: t("briefings.cutoff"),
      key: "cutoff",
      render: (_, row) => <Moment at={row.cutoffAt} long />,
    },
    { title: t("briefings.slot"), key: "slot", render: (_, row) => wordFor(t, "enums.slot", row.slot) },
    {
      title: t("briefings.reconciled"),
      key: "reconciled",
      render: (_, row) =>
        row.reconciled ? (
          <span className="due-met">{t("briefings.addsUp")}</span>
        ) : (
          <strong className="due-late">{t("briefings.doesNotAddUp")}</strong>
        ),
    },
    { title: t("briefings.decisions"), key: "decisions", align: "right", render: (_, row) => row.decisions },
    {
      title: t("briefings.report"),
      key: "report",
      render: (_, row) => (
        <a
          href={withQuery(`/api/v1/briefings/${encodeURIComponent(row.id)}/report`, { lang: i18n.language })}
          target="_blank"
          rel="noreferrer"
        >
          {t("briefings.open")}
        </a>
      ),
    },
  ];
  return (
    <ListPage<BriefingCard>
      title={t("briefings.title")}
      intro={t("briefings.intro")}
      path="/api/v1/briefings"
      topics={["reports", "command"]}
      columns={columns}
      rowKey="id"
      unfiltered
      empty={t("briefings.empty")}
    />
  );
}
