import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BriefingCard } from "#domain/command";
import { ownerTeams } from "#domain/tasks";
import { withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { ChronicleTab, ResponseTab } from "./response.tsx";
import type { Column } from "#webx/rows";

/** The meetings, what happened from the first positive on, and the response with its phases. */
export function BriefingsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "briefings", label: t("briefings.tabs.briefings"), render: () => <BriefingsList /> },
        { key: "chronicle", label: t("briefings.chronicle.title"), render: () => <ChronicleTab /> },
        { key: "phases", label: t("briefings.tabs.phases"), render: () => <ResponseTab /> },
      ]}
    />
  );
}

/** The briefings at 08:30 and 19:30, each with its frozen figures as a printable report. */
function BriefingsList(): ReactNode {
  const { t, i18n } = useTranslation();
  const teams = ownerTeams.map((value) => ({ value, label: wordFor(t, "enums.team", value) }));
  const columns: Column<BriefingCard>[] = [
    {
      title: t("briefings.no"),
      key: "no",
      fixed: "left",
      render: (_, row) => (
        <Link to="/briefings/$id" params={{ id: row.id }}>
          {t("briefings.named", { no: row.no })}
        </Link>
      ),
    },
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
      actions={<OperationButton operation="holdBriefing" choices={{ team: teams }} primary />}
      empty={t("briefings.empty")}
    />
  );
}
