import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AccountRow, CoverageRow, Repeat } from "#domain/inspection";
import { currentLanguage, wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-names";
import { AreaPath } from "#webx/area-path";
import { FiguresTable } from "#webx/figures-table";
import { Moment } from "#webx/parts";

const topics = ["inspection", "tasks"];

function percent(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 100)}%`;
}

/** What each division answers for. */
export function AccountTable(): ReactNode {
  const { t } = useTranslation();
  const number = (key: "visits" | "findings" | "closed" | "late" | "sentBack" | "penalties" | "commendations") => ({
    title: t(`inspection.account.${key}`),
    key,
    align: "right" as const,
    order: (row: AccountRow) => row[key],
    render: (_: unknown, row: AccountRow) => row[key],
  });
  return (
    <FiguresTable<AccountRow>
      title={t("inspection.tabs.account")}
      intro={t("inspection.accountIntro")}
      topics={topics}
      empty={t("inspection.noFigures")}
      path="/api/v1/inspection/accountability"
      rowKey={(row) => row.areaCode}
      columns={[
        { title: t("common.area"), key: "area", fixed: "left", render: (_, row) => areaLabel(row) },
        number("visits"),
        number("findings"),
        number("closed"),
        {
          title: t("inspection.inTime"),
          key: "inTime",
          align: "right",
          order: (row) => row.inTimeShare,
          render: (_, row) => percent(row.inTimeShare),
        },
        number("late"),
        number("sentBack"),
        number("penalties"),
        number("commendations"),
      ]}
    />
  );
}

/** The standing check of venue codes. */
export function CoverageTable(): ReactNode {
  const { t } = useTranslation();
  const number = (key: "expected" | "withCode" | "scanned" | "visited" | "posted") => ({
    title: t(`inspection.coverage.${key}`),
    key,
    align: "right" as const,
    order: (row: CoverageRow) => row[key],
    render: (_: unknown, row: CoverageRow) => row[key],
  });
  return (
    <FiguresTable<CoverageRow>
      title={t("inspection.tabs.coverage")}
      intro={t("inspection.coverageIntro")}
      topics={topics}
      empty={t("inspection.noFigures")}
      path="/api/v1/inspection/code-coverage"
      rowKey={(row) => `${row.areaCode} ${row.kind}`}
      columns={[
        { title: t("common.area"), key: "area", fixed: "left", render: (_, row) => <AreaPath code={row.areaCode} /> },
        {
          title: t("inspection.kind"),
          key: "kind",
          render: (_, row) => wordFor(t, "inspection.values.placeType", row.kind),
        },
        number("expected"),
        number("withCode"),
        {
          title: t("inspection.codeShare"),
          key: "share",
          align: "right",
          order: (row) => row.codeShare,
          render: (_, row) => percent(row.codeShare),
        },
        number("scanned"),
        number("visited"),
        number("posted"),
        {
          title: t("inspection.postedShare"),
          key: "postedShare",
          align: "right",
          order: (row) => row.postedShare,
          render: (_, row) => percent(row.postedShare),
        },
      ]}
    />
  );
}

/** Places where the same thing was found again. */
export function RepeatsTable(): ReactNode {
  const { t } = useTranslation();
  const english = currentLanguage() === "en";
  return (
    <FiguresTable<Repeat>
      title={t("inspection.tabs.repeats")}
      intro={t("inspection.repeatsIntro")}
      topics={topics}
      empty={t("inspection.noFigures")}
      path="/api/v1/inspection/repeats"
      rowKey={(row) => `${row.placeId} ${row.item}`}
      columns={[
        { title: t("inspection.place"), key: "place", fixed: "left", render: (_, row) => row.placeName },
        { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
        { title: t("inspection.problem"), key: "text", render: (_, row) => (english ? row.textEn : row.text) },
        {
          title: t("inspection.times"),
          key: "times",
          align: "right",
          order: (row) => row.times,
          render: (_, row) => row.times,
        },
        {
          title: t("inspection.stillOpen"),
          key: "open",
          align: "right",
          order: (row) => row.open,
          render: (_, row) => row.open,
        },
        {
          title: t("inspection.account.penalties"),
          key: "penalties",
          align: "right",
          render: (_, row) => row.penalties,
        },
        { title: t("inspection.at"), key: "at", render: (_, row) => <Moment at={row.lastAt} /> },
      ]}
    />
  );
}
