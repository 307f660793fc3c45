import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PositiveTubeRow } from "#domain/cases";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import type { Column } from "#webx/rows";

const states = ["open", "cleared", "confirmed"] as const;

/** The positive tubes: whose members are held, how far the re-check is, and what came of it. */
export function PositivesPage(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<PositiveTubeRow>[] = [
    {
      title: t("tubes.barcode"),
      key: "barcode",
      fixed: "left",
      render: (_, row) => (
        <Link to="/tubes/$id" params={{ id: String(row.id) }}>
          <code>{row.barcode}</code>
        </Link>
      ),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.signalState" value={row.state} />,
    },
    { title: t("positives.cause"), key: "cause", render: (_, row) => wordFor(t, "enums.signalCause", row.cause) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("tubes.purpose"), key: "purpose", render: (_, row) => wordFor(t, "enums.purpose", row.purpose) },
    { title: t("positives.held"), key: "held", align: "right", render: (_, row) => numberText(row.held) },
    {
      title: t("positives.rechecked"),
      key: "rechecked",
      align: "right",
      render: (_, row) => `${numberText(row.rechecked)} / ${numberText(row.size)}`,
    },
    {
      title: t("tubes.resultedAt"),
      key: "resultedAt",
      sortBy: "resulted",
      render: (_, row) => <Moment at={row.resultedAt} />,
    },
    {
      title: t("positives.recheckDue"),
      key: "due",
      render: (_, row) => <Due at={row.recheckDueAt} doneAt={row.settledAt} />,
    },
  ];
  return (
    <ListPage<PositiveTubeRow>
      title={t("positives.title")}
      intro={t("positives.intro")}
      path="/api/v1/positive-tubes"
      usual="-resulted"
      topics={["cases", "screening"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.signalState", values: states }}
      empty={t("positives.empty")}
    />
  );
}
