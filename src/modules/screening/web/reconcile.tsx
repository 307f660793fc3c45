import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { differenceCauses, type CoverageDifference, type Reconciliation, type RoundProgress } from "#domain/screening";
import { wordFor } from "#web/i18n";
import { numberText, signedText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, Panel } from "#webx/parts";
import type { Column } from "#webx/rows";
import { SheetButtons } from "#webx/sheet-buttons";

const topics = ["screening"] as const;
const msPerSecond = 1_000;

/** What the newest recount of a round's counters found: figures, causes by village, and the way to set them right. */
export function ReconciliationTab(props: { readonly round: RoundProgress }): ReactNode {
  const { t } = useTranslation();
  const { id, reconciliation: last } = props.round;
  const differs = last !== null && last.reason !== "setRight" && last.differences > 0;
  return (
    <>
      <Panel
        title={t("rounds.recount.last")}
        side={
          <div className="page-actions">
            <OperationButton operation="reconcileRound" params={{ id }} confirm={t("rounds.recount.confirm.now")} />
            {differs ? (
              <OperationButton
                operation="setCoverageRight"
                params={{ id }}
                confirm={t("rounds.recount.confirm.setRight", {
                  differences: numberText(last.differences),
                  villages: numberText(last.differing),
                })}
                primary
              />
            ) : null}
          </div>
        }
      >
        {last === null ? <p className="nothing">{t("rounds.recount.never")}</p> : <LastRecount last={last} />}
      </Panel>
      <Differences roundId={id} />
    </>
  );
}

function LastRecount({ last }: { readonly last: Reconciliation }): ReactNode {
  const { t } = useTranslation();
  return (
    <Facts
      rows={[
        [t("rounds.recount.at"), <Moment key="a" at={last.at} long />],
        [t("rounds.recount.reason"), wordFor(t, "rounds.values.reason", last.reason)],
        [t("rounds.recount.outcome"), <Outcome key="o" run={last} />],
        [t("rounds.recount.villages"), numberText(last.villages)],
        [t("rounds.recount.took"), t("rounds.recount.seconds", { seconds: (last.ms / msPerSecond).toFixed(1) })],
      ]}
    />
  );
}

/** Whether the counters were what the rows count, in words. */
export function Outcome({ run }: { readonly run: Reconciliation }): ReactNode {
  const { t } = useTranslation();
  if (run.differences === 0) return <span className="state state-good">{t("rounds.recount.agrees")}</span>;
  const figures = { differences: numberText(run.differences), villages: numberText(run.differing) };
  return run.reason === "setRight" ? (
    <span className="state state-good">{t("rounds.recount.wasSetRight", figures)}</span>
  ) : (
    <strong className="state state-bad">{t("rounds.recount.differs", figures)}</strong>
  );
}

/** Village by village, counter by counter, what rows and counters say, and why. */
function Differences(props: { readonly roundId: string }): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<CoverageDifference>[] = [
    { title: t("rounds.village"), key: "area", fixed: "left", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("rounds.recount.counter"),
      key: "counter",
      render: (_, row) => wordFor(t, "rounds.values.counter", row.counter),
    },
    { title: t("rounds.recount.counted"), key: "counted", align: "right", render: (_, row) => numberText(row.counted) },
    { title: t("rounds.recount.kept"), key: "kept", align: "right", render: (_, row) => numberText(row.kept) },
    {
      title: t("rounds.recount.difference"),
      key: "difference",
      align: "right",
      render: (_, row) => signedText(row.counted - row.kept),
    },
    {
      title: t("rounds.recount.causes"),
      key: "causes",
      render: (_, row) =>
        row.causes
          .map(({ cause, people }) => `${wordFor(t, "rounds.values.cause", cause)} ${signedText(people)}`)
          .join(t("rounds.recount.and")),
    },
  ];
  return (
    <ListPage<CoverageDifference>
      title={t("rounds.recount.differences")}
      intro={t("rounds.recount.differencesIntro")}
      path={`/api/v1/rounds/${encodeURIComponent(props.roundId)}/differences`}
      topics={topics}
      columns={columns}
      rowKey="key"
      filter={{
        name: "cause",
        label: t("rounds.recount.cause"),
        group: "rounds.values.cause",
        values: differenceCauses,
      }}
      actions={<SheetButtons name="screening-differences" canExport />}
      empty={t("rounds.recount.none")}
      level={2}
    />
  );
}

/** Every recount of a round, newest first. */
export function RecountsTab(props: { readonly roundId: string }): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<Reconciliation>[] = [
    { title: t("rounds.recount.at"), key: "at", fixed: "left", render: (_, row) => <Moment at={row.at} /> },
    {
      title: t("rounds.recount.reason"),
      key: "reason",
      render: (_, row) => wordFor(t, "rounds.values.reason", row.reason),
    },
    { title: t("rounds.recount.outcome"), key: "outcome", render: (_, row) => <Outcome run={row} /> },
    {
      title: t("rounds.recount.villages"),
      key: "villages",
      align: "right",
      render: (_, row) => numberText(row.villages),
    },
    {
      title: t("rounds.recount.took"),
      key: "took",
      align: "right",
      render: (_, row) => t("rounds.recount.seconds", { seconds: (row.ms / msPerSecond).toFixed(1) }),
    },
  ];
  return (
    <ListPage<Reconciliation>
      title={t("rounds.recount.all")}
      intro={t("rounds.recount.allIntro")}
      path={`/api/v1/rounds/${encodeURIComponent(props.roundId)}/reconciliations`}
      topics={topics}
      columns={columns}
      rowKey="id"
      empty={t("rounds.recount.never")}
      unfiltered
      level={2}
    />
  );
}
