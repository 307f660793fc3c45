import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DueTestShown, ReleaseDay } from "#domain/isolation";
import { get, withQuery } from "#web/api";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { ProblemNotice, Waiting } from "#webx/parts";
import { AreaHead } from "./area-head.tsx";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

/** Who must be sampled today where he is; missed tests are marked and stay. */
export function DueTests(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<DueTestShown>[] = [
    { title: t("releases.name"), key: "name", fixed: "left", render: (_, row) => row.coveredName },
    { title: t("releases.dueDay"), key: "due", render: (_, row) => row.dueDay },
    {
      title: t("common.state"),
      key: "missed",
      render: (_, row) => (row.missed ? <strong>✕ {t("releases.missed")}</strong> : <>○ {t("releases.dueToday")}</>),
    },
    { title: t("releases.dayNo"), key: "no", align: "right", render: (_, row) => numberText(row.dayNo) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
  ];
  return (
    <ListPage<DueTestShown>
      title={t("releases.tests")}
      intro={t("releases.testsIntro")}
      path="/api/v1/due-tests"
      topics={["isolation"]}
      columns={columns}
      rowKey="personId"
      filter={{
        name: "category",
        label: t("releases.category"),
        group: "releases.values.category",
        values: ["contact", "case"],
      }}
      empty={t("releases.testsEmpty")}
      bar={(rows, chosen, clear) => (
        <div className="release-bar">
          <span role="status">
            {t("releases.testsCount", { rows: rows.length, missed: rows.filter((row) => row.missed).length })}
          </span>
          {chosen.length > 0 ? (
            <OperationButton
              operation="recordTestSampling"
              fixed={{ samples: chosen.map(({ personId }) => ({ personId, tubeId: null })) }}
              label={t("releases.sampled", { people: chosen.length })}
              confirm={t("releases.sampledConfirm", { people: chosen.length })}
              done={clear}
            />
          ) : null}
        </div>
      )}
    />
  );
}

const barMax = 160;

/** How many plans end on each of the coming three weeks. */
export function EndingDays(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/releases/forecast", { areaCode: search.areaCode });
  const found = useQuery({
    queryKey: ["list", url],
    queryFn: () => get<{ readonly items: readonly ReleaseDay[] }>(url),
    meta: { topics: ["isolation"] },
  });
  const rows = found.data?.items ?? [];
  const most = Math.max(1, ...rows.flatMap((row) => [row.release, row.home]));
  const bar = (value: number): ReactNode => (
    <>
      <span className="forecast-bar" style={{ width: (value / most) * barMax }} /> {numberText(value)}
    </>
  );
  const columns: Column<ReleaseDay>[] = [
    { title: t("releases.day"), key: "day", render: (_, row) => row.day },
    { title: t("releases.willGo"), key: "release", render: (_, row) => bar(row.release) },
    { title: t("releases.willGoHome"), key: "home", render: (_, row) => bar(row.home) },
  ];
  return (
    <div className="page">
      <AreaHead title={t("releases.forecast")} intro={t("releases.forecastIntro")} />
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={10} /> : null}
      {found.data ? (
        <HeldList<ReleaseDay>
          name="forecast"
          title={t("releases.forecast")}
          columns={columns}
          rows={rows}
          rowKey="day"
          empty={t("releases.forecastEmpty")}
        />
      ) : null}
    </div>
  );
}
