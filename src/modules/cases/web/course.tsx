import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseDetail } from "#domain/cases";
import { get } from "#web/api";
import { useTimeZone } from "#web/board";
import { wallTime } from "#web/time";
import { Moment, Panel } from "#webx/parts";
import "./cases.css";

/** What the tracing module answers of the case's days. */
interface Days {
  readonly windowFrom: string | null;
  readonly windowTo: string | null;
  readonly coreDoneAt: string | null;
  readonly identifiedAt: string | null;
}

const dayMs = 86_400_000;

interface Mark {
  readonly key: string;
  readonly at: string;
}

function marksOf(record: CaseDetail, days: Days | undefined): Mark[] {
  const all: [string, string | null | undefined][] = [
    ["onset", record.onsetAt],
    ["quarantined", record.quarantinedAt],
    ["sampled", record.sampledAt],
    ["signal", record.signalAt],
    ["positive", record.positiveAt],
    ["control", record.controlAt],
    ["diagnosed", record.diagnosedAt],
    ["core", days?.coreDoneAt],
    ["identified", days?.identifiedAt],
    ["reported", record.reportedAt],
    ["admitted", record.admittedAt],
    ["outcome", record.outcomeAt],
  ];
  return all
    .flatMap(([key, at]) => (at == null ? [] : [{ key, at }]))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The course of a case on one line: the days in which it may have infected, and each step with its time. */
export function Course({ record }: { readonly record: CaseDetail }): ReactNode {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const found = useQuery({
    queryKey: ["investigation", record.id],
    queryFn: () => get<Days>(`/api/v1/cases/${encodeURIComponent(record.id)}/investigation`),
    retry: false,
    meta: { topics: ["tracing"] },
  });
  const days = found.data;
  const marks = marksOf(record, days);
  const moments = [...marks.map(({ at }) => at), ...[days?.windowFrom, days?.windowTo].filter((at) => at != null)];
  const first = Math.min(...moments.map((at) => Date.parse(at))) - dayMs / 4;
  const last = Math.max(...moments.map((at) => Date.parse(at))) + dayMs / 4;
  const left = (at: string): number => ((Date.parse(at) - first) / (last - first)) * 100;
  return (
    <Panel title={t("cases.course.title")} className="panel-course">
      <div className="course" aria-hidden="true">
        {days?.windowFrom && days.windowTo ? (
          <span
            className="course-window"
            style={{ left: `${left(days.windowFrom)}%`, width: `${left(days.windowTo) - left(days.windowFrom)}%` }}
          >
            {t("cases.course.window")}
          </span>
        ) : null}
        {marks.map(({ key, at }, index) => (
          <span key={key} className="course-mark" style={{ left: `${left(at)}%` }}>
            <b>{index + 1}</b>
          </span>
        ))}
        <span className="course-from">{wallTime(new Date(first).toISOString(), timeZone).shortDay}</span>
        <span className="course-to">{wallTime(new Date(last).toISOString(), timeZone).shortDay}</span>
      </div>
      <ol className="course-steps">
        {days?.windowFrom && days.windowTo ? (
          <li className="course-window-row">
            {t("cases.course.window")}: <Moment at={days.windowFrom} /> – <Moment at={days.windowTo} />
          </li>
        ) : null}
        {marks.map(({ key, at }, index) => (
          <li key={key}>
            <b>{index + 1}</b> {t(`cases.course.mark.${key}`)} <Moment at={at} long />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
