import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Agenda, Briefing, Decision, Minutes } from "#domain/command";
import { figureNames } from "#domain/reports";
import { ownerTeams } from "#domain/tasks";
import { get, withQuery } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { durationText, numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";
import { Changes } from "./changes.tsx";

/** One meeting: its frozen figures, what stood on the agenda, what was decided, and its minutes. */
export function BriefingPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const url = `/api/v1/briefings/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: ["briefing", id],
    queryFn: () => get<Briefing>(url),
    meta: { topics: ["command", "tasks"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/briefings">{t("briefings.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={12} />;
  const briefing = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/briefings">{t("briefings.title")}</Link>
      </p>
      <header className="page-head">
        <div>
          <h1>
            {t("briefings.named", { no: briefing.no })} · {briefing.day} {wordFor(t, "enums.slot", briefing.slot)}
          </h1>
          <p className="page-intro">
            {t("briefings.cutoffAt")} <Moment at={briefing.cutoffAt} long />
            {" · "}
            {briefing.reconciled ? (
              <span className="due-met">{t("briefings.addsUp")}</span>
            ) : (
              <strong className="due-late">{t("briefings.doesNotAddUp")}</strong>
            )}
          </p>
        </div>
        <div className="page-actions">
          {(["zh-CN", "en"] as const).map((lang) => (
            <Button key={lang} size="small" href={withQuery(`${url}/report`, { lang })} target="_blank">
              {t("briefings.printIn", { language: wordFor(t, "briefings.language", lang) })}
            </Button>
          ))}
        </div>
      </header>
      <Decisions briefing={briefing} />
      <div className="columns">
        <Panel title={t("briefings.agenda")}>
          <AgendaFacts agenda={briefing.agenda} />
        </Panel>
        <MinutesPanel id={id} />
      </div>
      <Panel title={t("briefings.figures")}>
        <FigureTable briefing={briefing} />
      </Panel>
      <Panel title={t("briefings.changes.title")}>
        <Changes freezeId={briefing.freezeId} />
      </Panel>
      <Timeline subjects={[{ type: "briefing", id }]} />
    </div>
  );
}

/** What was decided: each a task of its team, editable until somebody has begun it. */
function Decisions({ briefing }: { readonly briefing: Briefing }): ReactNode {
  const { t } = useTranslation();
  const teams = ownerTeams.map((value) => ({ value, label: wordFor(t, "enums.team", value) }));
  return (
    <Panel
      title={t("briefings.decided", { count: briefing.decisions.length })}
      side={
        <OperationButton
          operation="addDecisions"
          params={{ id: briefing.id }}
          values={{ decisions: [{ areaCode: "" }] }}
          choices={{ team: teams }}
          confirm={t("briefings.confirm.decide")}
          primary
        />
      }
    >
      {briefing.decisions.length === 0 ? <p className="muted">{t("briefings.noDecisions")}</p> : null}
      <div className="table-scroll">
        <table className="plain decisions">
          <thead>
            <tr>
              <th scope="col">{t("briefings.no")}</th>
              <th scope="col">{t("briefings.decision")}</th>
              <th scope="col">{t("tasks.team")}</th>
              <th scope="col">{t("common.area")}</th>
              <th scope="col">{t("tasks.dueAt")}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {briefing.decisions.map((row) => (
              <DecisionRow key={row.no} briefingId={briefing.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function DecisionRow(props: { readonly briefingId: string; readonly row: Decision }): ReactNode {
  const { t } = useTranslation();
  const { briefingId, row } = props;
  return (
    <tr>
      <td>{row.no}</td>
      <th scope="row">
        {row.withdrawnAt === null ? row.text[currentLanguage()] : <del>{row.text[currentLanguage()]}</del>}
        {row.withdrawnReason === null ? null : (
          <span className="muted"> {t("briefings.withdrawn", { reason: row.withdrawnReason })}</span>
        )}
      </th>
      <td>{wordFor(t, "enums.team", row.team)}</td>
      <td>
        <AreaPath code={row.areaCode} />
      </td>
      <td>
        <Due at={row.dueAt} doneAt={row.withdrawnAt} />
      </td>
      <td>
        <span className="row-actions">
          <Link to="/tasks/$id" params={{ id: row.taskId }}>
            {t("briefings.openTask")}
          </Link>
          {row.withdrawnAt === null ? (
            <OperationButton
              operation="withdrawDecision"
              params={{ id: briefingId, no: row.no }}
              confirm={t("briefings.confirm.withdraw")}
              danger
            />
          ) : null}
        </span>
      </td>
    </tr>
  );
}

function AgendaFacts({ agenda }: { readonly agenda: Agenda }): ReactNode {
  const { t } = useTranslation();
  const slow = agenda.clocks.filter(({ inTimeShare }) => inTimeShare !== null && inTimeShare < 1);
  return (
    <>
      <Facts
        rows={[
          [
            t("briefings.late"),
            t("briefings.lateOf", { total: numberText(agenda.late.total), teams: numberText(agenda.late.teams) }),
          ],
          [t("briefings.phase"), wordFor(t, "enums.phase", agenda.phase.phase)],
          [
            t("briefings.round"),
            agenda.round === null
              ? "–"
              : t("briefings.roundOf", {
                  no: agenda.round.no,
                  sampled: numberText(agenda.round.sampled),
                  due: numberText(agenda.round.due),
                  resulted: numberText(agenda.round.resulted),
                }),
          ],
          [
            t("briefings.free"),
            t("briefings.freeOf", {
              central: numberText(agenda.free.central),
              fangcang: numberText(agenda.free.fangcang),
              hospital: numberText(agenda.free.hospital),
            }),
          ],
          [t("briefings.ripe"), numberText(agenda.zonesRipe)],
        ]}
      />
      {slow.length === 0 ? null : (
        <ul>
          {slow.map((clock) => (
            <li key={clock.arrow}>
              {wordFor(t, "enums.arrow", clock.arrow)}: {durationText(t, clock.medianMin)} /{" "}
              {durationText(t, clock.targetMin)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function MinutesPanel(props: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["minutes", props.id],
    queryFn: () =>
      get<{ readonly items: readonly Minutes[] }>(`/api/v1/briefings/${encodeURIComponent(props.id)}/minutes`),
    meta: { topics: ["command"] },
  });
  const last = found.data?.items.at(-1);
  return (
    <Panel
      title={t("briefings.minutes")}
      side={
        <OperationButton
          operation="writeMinutes"
          params={{ id: props.id }}
          values={last ? { present: last.present, text: last.text } : {}}
          label={last ? t("briefings.correct") : t("briefings.write")}
        />
      }
    >
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={3} /> : null}
      {found.data && !last ? <p className="muted">{t("briefings.noMinutes")}</p> : null}
      {last ? (
        <>
          <Facts
            rows={[
              [t("briefings.present"), last.present],
              [t("briefings.writtenAt"), <Due key="w" at={last.dueAt} doneAt={last.writtenAt} />],
              [t("briefings.version"), last.version],
            ]}
          />
          <p className="pre">{last.text}</p>
        </>
      ) : null}
    </Panel>
  );
}

/** The frozen figures: before, change, now; split by county where there is anything. */
function FigureTable({ briefing }: { readonly briefing: Briefing }): ReactNode {
  const { t } = useTranslation();
  const rows = figureNames.flatMap((figure) => {
    const parts = briefing.figures.filter((row) => row.figure === figure);
    if (parts.length === 0) return [];
    const sum = (name: "value" | "previous" | "change"): number => parts.reduce((total, row) => total + row[name], 0);
    const counties = [...new Set(parts.map(({ areaCode }) => areaCode))].toSorted();
    return [{ figure, previous: sum("previous"), change: sum("change"), value: sum("value"), counties }];
  });
  return (
    <div className="table-scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("briefings.figure")}</th>
            <th scope="col" className="num">
              {t("briefings.previous")}
            </th>
            <th scope="col" className="num">
              {t("briefings.change")}
            </th>
            <th scope="col" className="num">
              {t("briefings.value")}
            </th>
            <th scope="col">{t("briefings.where")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.figure}>
              <th scope="row">
                <StateWord group="briefings.values.figure" value={row.figure} />
              </th>
              <td className="num">{numberText(row.previous)}</td>
              <td className="num">{row.change > 0 ? `+${numberText(row.change)}` : numberText(row.change)}</td>
              <td className="num">{numberText(row.value)}</td>
              <td>
                {row.counties.map((code) => (
                  <span key={code} className="chip">
                    <AreaPath code={code} />{" "}
                    {numberText(
                      briefing.figures
                        .filter((one) => one.figure === row.figure && one.areaCode === code)
                        .reduce((total, one) => total + one.value, 0),
                    )}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
