import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CoverageRow, NotSampledRow, RoundProgress } from "#domain/screening";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText, shareText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { PersonalList } from "#webx/personal-list";
import type { Column } from "#webx/rows";
import { PageTabs } from "#webx/tabs";
import { Outcome, ReconciliationTab, RecountsTab } from "./reconcile.tsx";

/** One round: its stages, village by village who has not been sampled yet, and whether its counters are right. */
export function RoundPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["round", id],
    queryFn: () => get<RoundProgress>(`/api/v1/rounds/${encodeURIComponent(id)}`),
    meta: { topics: ["screening"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/rounds">{t("rounds.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const round = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/rounds">{t("rounds.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {t("rounds.named", { no: round.no })} <StateWord group="enums.roundState" value={round.state} />
        </h1>
        {round.state === "open" ? (
          <div className="page-actions">
            <OperationButton operation="recordAbsences" fixed={{ roundId: id }} values={{ people: [{}] }} />
            <OperationButton operation="closeRound" params={{ id }} confirm={t("rounds.confirm.close")} primary />
          </div>
        ) : null}
      </header>
      <Panel title={t("rounds.facts")}>
        <Facts
          rows={[
            [t("common.area"), <AreaPath key="a" code={round.areaCode} />],
            [t("rounds.openedAt"), <Moment key="m" at={round.openedAt} long />],
            [t("rounds.clock"), <Due key="d" at={round.dueAt} doneAt={round.closedAt} />],
            [t("rounds.due"), numberText(round.due)],
            [t("rounds.sampled"), numberText(round.sampled)],
            [t("rounds.excused"), numberText(round.excused)],
            [t("rounds.atSite"), numberText(round.atSite)],
            [t("rounds.inTransit"), numberText(round.inTransit)],
            [t("rounds.received"), numberText(round.received)],
            [t("rounds.lost"), numberText(round.lost)],
            [t("rounds.resulted"), numberText(round.resulted)],
            [t("rounds.positiveTubes"), numberText(round.positiveTubes)],
            [t("rounds.positive"), numberText(round.positive)],
            [
              t("rounds.recount.last"),
              round.reconciliation === null ? (
                t("rounds.recount.never")
              ) : (
                <Outcome key="r" run={round.reconciliation} />
              ),
            ],
          ]}
        />
      </Panel>
      <PageTabs
        tabs={[
          { key: "coverage", label: t("rounds.tabs.coverage"), render: () => <Coverage roundId={id} /> },
          {
            key: "missing",
            label: t("rounds.tabs.missing"),
            render: () => <NotSampled roundId={id} open={round.state === "open"} />,
          },
          { key: "recount", label: t("rounds.tabs.recount"), render: () => <ReconciliationTab round={round} /> },
          { key: "recounts", label: t("rounds.tabs.recounts"), render: () => <RecountsTab roundId={id} /> },
        ]}
      />
    </div>
  );
}

function Coverage(props: { readonly roundId: string }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<CoverageRow>[] = [
    {
      title: t("rounds.village"),
      sortBy: "area",
      key: "area",
      fixed: "left",
      render: (_, row) => <AreaPath code={row.areaCode} />,
    },
    {
      title: t("rounds.notSampled"),
      sortBy: "notSampled",
      key: "missing",
      align: "right",
      render: (_, row) => numberText(row.notSampled),
    },
    { title: t("rounds.due"), key: "due", align: "right", render: (_, row) => numberText(row.due) },
    { title: t("rounds.sampled"), key: "sampled", align: "right", render: (_, row) => numberText(row.sampled) },
    { title: t("rounds.excused"), key: "excused", align: "right", render: (_, row) => numberText(row.excused) },
    {
      title: t("rounds.coverage"),
      sortBy: "coverage",
      key: "share",
      align: "right",
      render: (_, row) => shareText(row.due > 0 ? (row.sampled + row.excused) / row.due : null),
    },
  ];
  return (
    <ListPage<CoverageRow>
      title={t("rounds.coverageTitle")}
      intro={t("rounds.coverageIntro")}
      path={`/api/v1/rounds/${encodeURIComponent(props.roundId)}/coverage`}
      usual="area"
      topics={["screening"]}
      columns={columns}
      rowKey="areaCode"
      empty={t("rounds.coverageEmpty")}
      level={2}
    />
  );
}

/** Who is not sampled yet, by name; each absence can be given its reason at once. */
function NotSampled(props: { readonly roundId: string; readonly open: boolean }): ReactNode {
  const { t } = useTranslation();
  const { roundId, open } = props;
  const columns: Column<NotSampledRow>[] = [
    { title: t("field.name"), key: "name", fixed: "left", render: (_, row) => row.personName ?? row.personId },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("field.household"), key: "household", render: (_, row) => row.householdId ?? "–" },
    {
      title: t("rounds.absence"),
      key: "reason",
      render: (_, row) => {
        if (row.reason !== null) return wordFor(t, "field.values.reason", row.reason);
        if (!open) return "–";
        return (
          <OperationButton
            operation="recordAbsences"
            fixed={{ roundId }}
            values={{ people: [{ personId: row.personId }] }}
          />
        );
      },
    },
  ];
  return (
    <PersonalList<NotSampledRow>
      title={t("rounds.missing.title")}
      intro={t("rounds.missing.intro")}
      path={`/api/v1/rounds/${encodeURIComponent(roundId)}/not-sampled`}
      columns={columns}
      rowKey="personId"
      level={2}
      empty={t("rounds.missing.empty")}
    />
  );
}
