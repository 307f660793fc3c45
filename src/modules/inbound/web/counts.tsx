import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { FiguresTable } from "#webx/figures-table";

interface CountRow {
  readonly level: string;
  readonly arrivals: number;
  readonly visited: number;
  readonly late: number;
}

/** Arrivals by the level of where they came from: how many were visited, and with how many one is late. */
export function ArrivalCounts(): ReactNode {
  const { t } = useTranslation();
  const number = (key: "arrivals" | "visited" | "late") => ({
    title: t(`inbound.counts.${key}`),
    key,
    align: "right" as const,
    order: (row: CountRow) => row[key],
    render: (_: unknown, row: CountRow) => numberText(row[key]),
  });
  return (
    <FiguresTable<CountRow>
      title={t("inbound.counts.title")}
      intro={t("inbound.counts.intro")}
      path="/api/v1/inbound/arrivals/counts"
      topics={["inbound"]}
      columns={[
        {
          title: t("inbound.level"),
          key: "level",
          fixed: "left",
          render: (_, row) => wordFor(t, "inbound.values.level", row.level),
        },
        number("arrivals"),
        number("visited"),
        number("late"),
      ]}
      rowKey={(row) => row.level}
      empty={t("inbound.arrivals.empty")}
    />
  );
}
