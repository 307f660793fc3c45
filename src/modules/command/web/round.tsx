import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardRound, RoundCounty } from "#domain/command";
import { areaLabel } from "#webx/area-names";
import { numberText, shareText } from "#web/time";
import { Bar, Due, Nothing, Panel } from "#webx/parts";

const stages = ["sampled", "received", "resulted"] as const;

function Stage(props: {
  readonly name: string;
  readonly value: number;
  readonly excused: number;
  readonly due: number;
}): ReactNode {
  const { t } = useTranslation();
  const share = props.due > 0 ? (props.value + props.excused) / props.due : null;
  return (
    <div className="stage">
      <span className="stage-name">{props.name}</span>
      <Bar
        label={t("board.round.stage", { name: props.name, value: numberText(props.value), due: numberText(props.due) })}
        total={props.due}
        parts={[
          { key: "value", value: props.value, tone: "main" },
          { key: "excused", value: props.excused, tone: "soft" },
        ]}
      />
      <span className="stage-value">{numberText(props.value)}</span>
      <span className="stage-share">{shareText(share)}</span>
    </div>
  );
}

function Counties(props: { readonly roundId: string; readonly rows: readonly RoundCounty[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("board.round.county")}</th>
          <th scope="col" className="num">
            {t("board.round.notSampled")}
          </th>
          <th scope="col" className="num">
            {t("board.round.resulted")}
          </th>
          <th scope="col" className="num">
            {t("board.round.positive")}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.areaCode}>
            <th scope="row">
              <Link to="/rounds/$id" params={{ id: props.roundId }} search={{ areaCode: row.areaCode }}>
                {areaLabel(row)}
              </Link>
            </th>
            <td className="num">{numberText(Math.max(0, row.due - row.sampled - row.excused))}</td>
            <td className="num">{shareText(row.due > 0 ? (row.resulted + row.excused) / row.due : null)}</td>
            <td className="num">{numberText(row.positive)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The round counts each person once, at the stage where they are now; who has a result was received before. */
function reached(round: BoardRound): Readonly<Record<(typeof stages)[number], number>> {
  return { sampled: round.sampled, received: round.received + round.resulted, resulted: round.resulted };
}

/** The newest round on its way from due to resulted, with its 24 h clock and who is behind. */
export function RoundPanel(props: { readonly round: BoardRound | null }): ReactNode {
  const { t } = useTranslation();
  const { round } = props;
  if (!round) {
    return (
      <Panel title={t("board.round.title")} className="panel-round">
        <Nothing text={t("board.round.none")} />
      </Panel>
    );
  }
  const name: Readonly<Record<(typeof stages)[number], string>> = {
    sampled: t("board.round.sampled"),
    received: t("board.round.received"),
    resulted: t("board.round.resulted"),
  };
  return (
    <Panel
      title={t("board.round.titleNo", { no: round.no })}
      className="panel-round"
      side={
        <Link to="/rounds/$id" params={{ id: round.id }}>
          {t("board.round.open")}
        </Link>
      }
    >
      <p className="round-line">
        {round.state === "closed" ? t("board.round.closed") : <Due at={round.dueAt} />}
        <span>{t("board.round.due", { due: numberText(round.due) })}</span>
        <span>{t("board.round.excused", { excused: numberText(round.excused) })}</span>
        <span>{t("board.round.inTransit", { inTransit: numberText(round.inTransit) })}</span>
        <strong className={round.positive > 0 ? "due-late" : ""}>
          {t("board.round.inPositive", { positive: numberText(round.positive) })}
        </strong>
      </p>
      {stages.map((stage) => (
        <Stage key={stage} name={name[stage]} value={reached(round)[stage]} excused={round.excused} due={round.due} />
      ))}
      {round.byCounty.length > 0 ? <Counties roundId={round.id} rows={round.byCounty} /> : null}
    </Panel>
  );
}
