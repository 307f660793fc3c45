import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "#web/api";
import { boardQuery } from "#web/board";
import { Panel, ProblemNotice, Waiting } from "#webx/parts";
import { CurvePanel } from "./curve.tsx";
import { LoopPanel } from "./loop.tsx";
import { MapPanel } from "./map.tsx";
import { OverduePanel } from "./overdue.tsx";
import { PhasesPanel } from "./phases.tsx";
import { RoomsPanel } from "./rooms.tsx";
import { RoundPanel } from "./round.tsx";
import { Totals } from "./totals.tsx";

/** Asks for its own figures, so it comes after the first page. */
const LiftingPanel = lazy(() => import("./lifting.tsx"));

/** What stands there before the first board: a wait, a refusal, or that no outbreak is open. */
function BoardAbsent(props: { readonly error: Error | null; readonly retry: () => void }): ReactNode {
  const { t } = useTranslation();
  if (!props.error) return <Waiting rows={14} />;
  const quiet = props.error instanceof Problem && props.error.status === 404;
  if (!quiet) return <ProblemNotice error={props.error} retry={props.retry} />;
  return (
    <Panel title={t("board.none.title")}>
      <p>{t("board.none.text")}</p>
      <p>
        <code>{"npm run wuyang -- --help"}</code>
      </p>
    </Panel>
  );
}

/** The command post's first page: one look from the first positive to the all-clear. */
export function BoardPage(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery(boardQuery);
  if (!found.data) {
    return (
      <div className="page">
        <h1 className="sr-only">{t("board.title")}</h1>
        <BoardAbsent error={found.error} retry={() => void found.refetch()} />
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
        <PhasesPanel phases={board.phases} current={board.outbreak.phase} />
        <Suspense fallback={<Waiting rows={5} />}>
          <LiftingPanel />
        </Suspense>
      </div>
      <div className="board-side">
        <OverduePanel overdue={board.overdue} />
        <RoomsPanel rooms={board.rooms} />
        <RoundPanel round={board.round} />
      </div>
    </div>
  );
}
