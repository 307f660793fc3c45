import { Button } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CurveDay } from "#domain/command";
import { wordFor } from "#web/i18n";
import { useTheme } from "#web/preferences";
import { Chart } from "#webx/chart";
import { Nothing, Panel } from "#webx/parts";
import { Segments } from "#webx/segments";
import { curveOption, provenances, type CurveBy } from "./curve-option.ts";

function total(days: readonly CurveDay[]): number {
  return days.reduce((sum, day) => sum + day.byReport.confirmed + day.byReport.asymptomatic, 0);
}

/** Before the first find, and without a real series to compare, there is nothing to draw. */
function isBlank(days: readonly CurveDay[]): boolean {
  return total(days) === 0 && days.every((day) => !day.real || day.real.confirmed + day.real.asymptomatic === 0);
}

function peakOf(days: readonly CurveDay[]): CurveDay | undefined {
  const size = (day: CurveDay): number => day.byReport.confirmed + day.byReport.asymptomatic;
  return days.reduce<CurveDay | undefined>((best, day) => (best && size(best) >= size(day) ? best : day), undefined);
}

/** The epidemic curve by report, by sampling or by provenance, as a chart or as a table. */
export function CurvePanel(props: { readonly days: readonly CurveDay[]; readonly fontPx?: number }): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const [by, setBy] = useState<CurveBy>("byReport");
  const [asTable, setAsTable] = useState(false);
  const { days, fontPx } = props;
  const option = useMemo(
    () =>
      curveOption(
        days,
        by,
        {
          confirmed: t("board.curve.confirmed"),
          asymptomatic: t("board.curve.asymptomatic"),
          realConfirmed: t("board.curve.realConfirmed"),
          realAsymptomatic: t("board.curve.realAsymptomatic"),
          provenance: (name) => wordFor(t, "enums.provenance", name),
          axis: t("board.curve.axis"),
        },
        theme,
        fontPx,
      ),
    [days, by, theme, fontPx, t],
  );
  const peak = peakOf(days);
  return (
    <Panel
      title={t("board.curve.title")}
      className="panel-curve"
      side={
        <>
          <Segments<CurveBy>
            label={t("board.curve.by")}
            value={by}
            onChange={setBy}
            options={[
              { value: "byReport", label: t("board.curve.byReport") },
              { value: "bySampling", label: t("board.curve.bySampling") },
              { value: "byProvenance", label: t("board.curve.byProvenance") },
            ]}
          />
          <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t("common.asChart") : t("common.asTable")}
          </Button>
        </>
      }
    >
      {isBlank(days) ? <Nothing text={t("board.curve.empty")} /> : null}
      {!isBlank(days) && asTable ? <CurveTable days={days} by={by} /> : null}
      {!isBlank(days) && !asTable ? (
        <Chart option={option} label={t("board.curve.label", { total: total(days), peak: peak?.day ?? "–" })} />
      ) : null}
    </Panel>
  );
}

function CurveTable(props: { readonly days: readonly CurveDay[]; readonly by: CurveBy }): ReactNode {
  const { t } = useTranslation();
  const { days, by } = props;
  const names = by === "byProvenance" ? provenances(days) : ["confirmed", "asymptomatic"];
  const valueOf = (day: CurveDay, name: string): number => {
    if (by === "byProvenance") return day.byProvenance[name] ?? 0;
    return name === "confirmed" ? day[by].confirmed : day[by].asymptomatic;
  };
  const real = by !== "byProvenance" && days.some((day) => day.real);
  return (
    <div className="scroll-y" tabIndex={0} role="region" aria-label={t("board.curve.table")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("board.curve.day")}</th>
            {names.map((name) => (
              <th key={name} scope="col" className="num">
                {by === "byProvenance" ? wordFor(t, "enums.provenance", name) : wordFor(t, "enums.caseState", name)}
              </th>
            ))}
            {real ? (
              <>
                <th scope="col" className="num">
                  {t("board.curve.realConfirmed")}
                </th>
                <th scope="col" className="num">
                  {t("board.curve.realAsymptomatic")}
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <th scope="row">{day.day}</th>
              {names.map((name) => (
                <td key={name} className="num">
                  {valueOf(day, name)}
                </td>
              ))}
              {real ? (
                <>
                  <td className="num">{day.real?.confirmed ?? "–"}</td>
                  <td className="num">{day.real?.asymptomatic ?? "–"}</td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
