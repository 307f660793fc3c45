import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { boardQuery } from "#web/board";
import { ProblemNotice, Waiting } from "#webx/parts";
import { CurvePanel } from "./curve.tsx";
import { LoopPanel } from "./loop.tsx";
import { MapPanel } from "./map.tsx";
import { OverduePanel } from "./overdue.tsx";
import { PhasesPanel } from "./phases.tsx";
import { RoomsPanel } from "./rooms.tsx";
import { RoundPanel } from "./round.tsx";
import { Totals } from "./totals.tsx";

/** The command post's first page: one look from the first positive to the all-clear. */
export function BoardPage(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery(boardQuery);
  if (!found.data) {
    return (
      <div className="page">
        <h1 className="sr-only">{t("board.title")}</h1>
        {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : <Waiting rows={14} />}
      </div>
    );
  }
  const board = found.data;
  return (
    <div className="board">
      <h1 className="sr-only">{t("board.title")}</h1>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      <Totals totals={board.totals} />
      <MapPanel board={board} />
      <LoopPanel clocks={board.loop} />
      <div className="board-wide">
        <CurvePanel days={board.curve.days} />
        <RoomsPanel rooms={board.rooms} />
        <PhasesPanel phases={board.phases} current={board.outbreak.phase} />
      </div>
      <div className="board-side">
        <OverduePanel overdue={board.overdue} />
        <RoundPanel round={board.round} />
      </div>
    </div>
  );
}
