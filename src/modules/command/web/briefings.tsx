import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { ListPage } from "#webx/list";
import { Moment, StateWord } from "#webx/parts";

/** The fields of a briefing that the list shows; the API's own schema names them. */
interface BriefingRow {
  readonly id: string;
  readonly slot: string;
  readonly cutoffAt: string;
  readonly state?: string | null;
  readonly decisions?: number | null;
}

/** The briefings at 08:30 and 19:30, each with its frozen figures as a printable report. */
export function BriefingsPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const columns: TableColumnsType<BriefingRow> = [
    {
      title: t("briefings.cutoff"),
      key: "cutoff",
      fixed: "left",
      render: (_, row) => <Moment at={row.cutoffAt} long />,
    },
    { title: t("briefings.slot"), key: "slot", render: (_, row) => wordFor(t, "enums.slot", row.slot) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.briefingState" value={row.state} />,
    },
    { title: t("briefings.decisions"), key: "decisions", align: "right", render: (_, row) => row.decisions ?? "–" },
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
    <ListPage<BriefingRow>
      title={t("briefings.title")}
      intro={t("briefings.intro")}
      path="/api/v1/briefings"
      topics={["reports", "command"]}
      columns={columns}
      rowKey="id"
      empty={t("briefings.empty")}
    />
  );
}
