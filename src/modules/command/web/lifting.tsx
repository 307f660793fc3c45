import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LiftingAnswer, LiftRow } from "#domain/command";
import { daysUntil, missingOf, shortDay } from "#kernel/countdown";
import { get } from "#web/api";
import { useTimeZone } from "#web/board";
import { wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { numberText, wallTime } from "#web/time";
import { areaLabel, AreaName } from "#webx/area-names";
import { Nothing, Panel, ProblemNotice, RiskMark, Waiting } from "#webx/parts";

const townCodeLength = 9;

/** The zones that may fall first: how clean, how clean they must be, what is missing and from which day. */
export default function LiftingPanel(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["board-lifting"],
    queryFn: () => get<LiftingAnswer>("/api/v1/board/lifting"),
    meta: { topics: ["zones", "cases", "screening"] },
  });
  return (
    <Panel
      title={t("board.lifting.title")}
      className="panel-lifting"
      side={
        <Link to="/zones" search={{ state: "published" }}>
          {t("board.lifting.all", { total: numberText(found.data?.total) })}
        </Link>
      }
    >
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={5} /> : null}
      {found.data?.items.length === 0 ? <Nothing text={t("board.lifting.none")} /> : null}
      {found.data && found.data.items.length > 0 ? <LiftTable rows={found.data.items} /> : null}
    </Panel>
  );
}

function LiftTable(props: { readonly rows: readonly LiftRow[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="plain lifting">
      <thead>
        <tr>
          <th scope="col">{t("board.lifting.zone")}</th>
          <th scope="col" className="num">
            {t("board.lifting.clean")}
          </th>
          <th scope="col">{t("board.lifting.missing")}</th>
          <th scope="col" className="num">
            {t("board.lifting.expected")}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <RiskMark level={row.level} />{" "}
              <Link to="/zones/$id" params={{ id: row.id }}>
                {areaLabel(row)}
              </Link>
              <span className="lifting-place muted">
                <AreaName code={row.areaCode.slice(0, townCodeLength)} />
              </span>
            </th>
            <td className="num">
              {numberText(row.cleanDays)} / {numberText(row.daysNeeded)}
            </td>
            <td>
              <Missing row={row} />
            </td>
            <td className="num">
              <Expected row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Missing({ row }: { readonly row: LiftRow }): ReactNode {
  const { t } = useTranslation();
  const missing = missingOf(row.missing);
  if (missing.length === 0) return <strong className="due-met">{t("board.lifting.ready")}</strong>;
  return (
    <ul className="lifting-missing">
      {missing.map((one) => (
        <li key={one.id}>
          {t(`board.lifting.lacks.${one.id}`, { count: one.days, day: one.day === null ? "" : shortDay(one.day) })}
        </li>
      ))}
    </ul>
  );
}

/** The day and, in words, how far off it is and to which level. */
function Expected({ row }: { readonly row: LiftRow }): ReactNode {
  const nowMs = useNowMs();
  const zone = useTimeZone();
  if (row.expected === null) return "–";
  const days = nowMs === 0 ? null : daysUntil(row.expected, wallTime(new Date(nowMs).toISOString(), zone).day);
  return (
    <>
      <time dateTime={row.expected}>{shortDay(row.expected)}</time>
      <span className="lifting-place muted">{days === null ? null : <Until days={days} to={row.to} />}</span>
    </>
  );
}

function Until(props: { readonly days: number; readonly to: LiftRow["to"] }): ReactNode {
  const { t } = useTranslation();
  const level = wordFor(t, "enums.risk", props.to);
  return props.days > 0 ? t("board.lifting.inDays", { count: props.days, level }) : t("board.lifting.now", { level });
}
