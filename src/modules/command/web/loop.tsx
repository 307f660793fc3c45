import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LoopClock } from "#domain/command";
import { wordFor } from "#web/i18n";
import { durationText, numberText, shareText } from "#web/time";
import { Nothing, Panel } from "#webx/parts";

/** The loop in the order in which a sample, a person and a place go through it. */
const stages: readonly { readonly key: string; readonly arrows: readonly string[] }[] = [
  {
    key: "sample",
    arrows: ["collectToReceive", "receiveToResult", "collectToResult", "roundOpenToResulted"],
  },
  { key: "signal", arrows: ["resultToHold", "positiveToRecheck", "positiveToControl"] },
  { key: "case", arrows: ["preliminaryToReport", "positiveToCore", "positiveToZone"] },
  { key: "contact", arrows: ["contactToPlaced", "secondaryToPlaced"] },
];

/** Every track has its target at the same place, so that in time is left of one line for all. */
const targetAt = 62;
const ratioMax = 100 / targetAt;

function placeOf(minutes: number, target: number): number {
  if (target <= 0) return minutes > 0 ? 100 : 0;
  return Math.min(minutes / target, ratioMax) * targetAt;
}

/** The clocks of the loop: a picture against the target, and its figures in the same row. */
export function LoopPanel(props: { readonly clocks: readonly LoopClock[] }): ReactNode {
  const { t } = useTranslation();
  const byArrow = new Map(props.clocks.map((clock) => [clock.arrow, clock]));
  const known = new Set(stages.flatMap((stage) => stage.arrows));
  const others = props.clocks.filter((clock) => !known.has(clock.arrow));
  const late = props.clocks.reduce((sum, clock) => sum + clock.lateOpen, 0);
  const rowsOf = (arrows: readonly string[]): LoopClock[] =>
    arrows.map((arrow) => byArrow.get(arrow)).filter((clock) => clock !== undefined);
  return (
    <Panel
      title={t("board.loop.title")}
      className="panel-loop"
      side={
        late > 0 ? <strong className="due-late">{t("board.loop.lateOpen", { late })}</strong> : t("board.loop.noneLate")
      }
    >
      {props.clocks.length === 0 ? (
        <Nothing text={t("board.loop.empty")} />
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={t("board.loop.table")}>
          <table className="loop">
            <thead>
              <tr>
                <th scope="col">{t("board.loop.arrow")}</th>
                <th scope="col" className="loop-track-head">
                  <span style={{ left: `${targetAt}%` }}>{t("board.loop.line")}</span>
                </th>
                <th scope="col">{t("board.loop.median")}</th>
                <th scope="col">{t("board.loop.p90")}</th>
                <th scope="col">{t("board.loop.target")}</th>
                <th scope="col">{t("board.loop.inTime")}</th>
                <th scope="col">{t("board.loop.late")}</th>
              </tr>
            </thead>
            {stages.map((stage) => (
              <Stage key={stage.key} name={t(`board.loop.stage.${stage.key}`)} clocks={rowsOf(stage.arrows)} />
            ))}
            {others.length > 0 ? <Stage name={t("board.loop.stage.other")} clocks={others} /> : null}
          </table>
        </div>
      )}
    </Panel>
  );
}

function Stage(props: { readonly name: string; readonly clocks: readonly LoopClock[] }): ReactNode {
  if (props.clocks.length === 0) return null;
  return (
    <tbody>
      <tr className="loop-stage">
        <th scope="rowgroup" colSpan={7}>
          {props.name}
        </th>
      </tr>
      {props.clocks.map((clock) => (
        <Row key={clock.arrow} clock={clock} />
      ))}
    </tbody>
  );
}

function Row(props: { readonly clock: LoopClock }): ReactNode {
  const { t } = useTranslation();
  const { clock } = props;
  const share = clock.inTimeShare;
  return (
    <tr>
      <th scope="row" title={clock.ruleId}>
        {wordFor(t, "enums.arrow", clock.arrow)}
        <span className="loop-n"> {t("board.loop.n", { n: numberText(clock.n) })}</span>
      </th>
      <td>
        <Track clock={clock} />
      </td>
      <td>{durationText(t, clock.medianMin)}</td>
      <td>{durationText(t, clock.p90Min)}</td>
      <td className="muted">{clock.targetMin === null ? "–" : durationText(t, clock.targetMin)}</td>
      <td className={share !== null && share < 0.9 ? "due-late" : ""}>{shareText(share)}</td>
      <td className={clock.lateOpen > 0 ? "due-late" : "muted"}>
        {clock.lateOpen > 0 ? numberText(clock.lateOpen) : "0"}
      </td>
    </tr>
  );
}

/** Median (dot) to p90 (bar end) against the target line; the row's figures say the same to a screen reader. */
function Track(props: { readonly clock: LoopClock }): ReactNode {
  const { medianMin, p90Min, targetMin } = props.clock;
  if (medianMin === null || p90Min === null || targetMin === null) {
    return <div className="track track-empty" aria-hidden="true" />;
  }
  const from = placeOf(medianMin, targetMin);
  const to = placeOf(p90Min, targetMin);
  const late = p90Min > targetMin;
  return (
    <div className={`track ${late ? "track-late" : ""}`} aria-hidden="true">
      <span className="track-line" style={{ left: `${targetAt}%` }} />
      <span className="track-span" style={{ left: `${from}%`, width: `${Math.max(0, to - from)}%` }} />
      <span className="track-dot" style={{ left: `${from}%` }} />
      {p90Min > targetMin * ratioMax ? <span className="track-over" /> : null}
    </div>
  );
}
