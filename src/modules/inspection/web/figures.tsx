import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AccountRow, CoverageRow, Repeat } from "#domain/inspection";
import { get, withQuery, type Page } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import type { ListSearch } from "#webx/list";
import { Moment, Nothing, ProblemNotice, Waiting } from "#webx/parts";
import { scrollable } from "#web/scrollable";

function percent(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 100)}%`;
}

/** Figures of an area, a row a division; the server has worked them out. */
function FiguresTable<T extends object>(props: {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  readonly columns: TableColumnsType<T>;
  readonly rowKey: (row: T) => string;
}): ReactNode {
  const { t } = useTranslation();
  const { areaCode }: ListSearch = useSearch({ strict: false });
  const url = withQuery(props.path, { areaCode });
  const found = useQuery({
    queryKey: ["figures", url],
    queryFn: () => get<Page<T>>(url),
    meta: { topics: ["inspection", "tasks"] },
  });
  return (
    <div className="page">
      <h1>{props.title}</h1>
      <p className="page-intro">{props.intro}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {found.data ? (
        <Table<T>
          ref={scrollable}
          size="small"
          className="rows"
          columns={props.columns}
          dataSource={[...found.data.items]}
          rowKey={props.rowKey}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Nothing text={t("inspection.noFigures")} /> }}
        />
      ) : null}
    </div>
  );
}

/** What each division answers for. */
export function AccountTable(): ReactNode {
  const { t } = useTranslation();
  const number = (key: "visits" | "findings" | "closed" | "late" | "sentBack" | "penalties" | "commendations") => ({
    title: t(`inspection.account.${key}`),
    key,
    align: "right" as const,
    render: (_: unknown, row: AccountRow) => row[key],
  });
  return (
    <FiguresTable<AccountRow>
      title={t("inspection.tabs.account")}
      intro={t("inspection.accountIntro")}
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
    render: (_: unknown, row: CoverageRow) => row[key],
  });
  return (
    <FiguresTable<CoverageRow>
      title={t("inspection.tabs.coverage")}
      intro={t("inspection.coverageIntro")}
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
        { title: t("inspection.codeShare"), key: "share", align: "right", render: (_, row) => percent(row.codeShare) },
        number("scanned"),
        number("visited"),
        number("posted"),
        {
          title: t("inspection.postedShare"),
          key: "postedShare",
          align: "right",
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
      path="/api/v1/inspection/repeats"
      rowKey={(row) => `${row.placeId} ${row.item}`}
      columns={[
        { title: t("inspection.place"), key: "place", fixed: "left", render: (_, row) => row.placeName },
        { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
        { title: t("inspection.problem"), key: "text", render: (_, row) => (english ? row.textEn : row.text) },
        { title: t("inspection.times"), key: "times", align: "right", render: (_, row) => row.times },
        { title: t("inspection.stillOpen"), key: "open", align: "right", render: (_, row) => row.open },
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
