import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Board } from "#domain/command";
import { boardQuery, useTimeZone } from "#web/board";
import { useLiveState } from "#web/live";
import { lendTheme } from "#web/preferences";
import { wallTime } from "#web/time";
import { ProblemNotice, Waiting } from "#webx/parts";
import { CurvePanel } from "./curve.tsx";
import { LoopPanel } from "./loop.tsx";
import { MapPanel } from "./map.tsx";
import { OverduePanel } from "./overdue.tsx";
import { PhasesPanel } from "./phases.tsx";
import { RoomsPanel } from "./rooms.tsx";
import { RoundPanel } from "./round.tsx";
import { Totals } from "./totals.tsx";
import { WallDeck, type DeckPanel } from "./wall-deck.tsx";
import "./wall.css";

const turnMs = 20_000;

/** What stands beside the map, in order of weight; nothing that matters is only to be had by pointing. */
const panels: readonly DeckPanel[] = [
  { key: "curve", growsEm: 19 },
  { key: "round" },
  { key: "phases" },
  { key: "overdue" },
  { key: "rooms" },
  { key: "loop", wideEm: 44 },
];

function contentOf(board: Board, key: string, fontPx: number): ReactNode {
  switch (key) {
    case "curve":
      return <CurvePanel days={board.curve.days} fontPx={fontPx} />;
    case "round":
      return <RoundPanel round={board.round} />;
    case "phases":
      return <PhasesPanel phases={board.phases} current={board.outbreak.phase} />;
    case "overdue":
      return <OverduePanel overdue={board.overdue} />;
    case "rooms":
      return <RoomsPanel rooms={board.rooms} />;
    default:
      return <LoopPanel clocks={board.loop} />;
  }
}

/** Keeps the screen awake where the browser can; walls have no hand to wake them. */
function useWake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      lock = await navigator.wakeLock.request("screen").catch(() => null);
    };
    void ask();
    const again = (): void => void ask();
    document.addEventListener("visibilitychange", again);
    return () => {
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
}

/** How large the wall's letters are, which follow its height; the chart draws its own. */
function useLetters(): number {
  const [px, setPx] = useState(lettersOf(window.innerHeight));
  useEffect(() => {
    const changed = (): void => setPx(lettersOf(window.innerHeight));
    window.addEventListener("resize", changed);
    return () => window.removeEventListener("resize", changed);
  }, []);
  return px;
}

const lettersPx = { least: 13.5, share: 0.0158, most: 36 } as const;

/** The same as the style sheet's own measure. */
function lettersOf(height: number): number {
  return Math.min(lettersPx.most, Math.max(lettersPx.least, height * lettersPx.share));
}

/** The side's turn; the space bar holds it and lets it go on. */
function useTurn(count: number): { readonly turn: number; readonly held: boolean } {
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === " ") {
        event.preventDefault();
        setHeld((before) => !before);
      }
      if (event.key === "ArrowRight") setTurn((before) => (before + 1) % count);
      if (event.key === "ArrowLeft") setTurn((before) => (before + count - 1) % count);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [count]);
  useEffect(() => {
    if (held) return undefined;
    const timer = window.setInterval(() => setTurn((before) => (before + 1) % count), turnMs);
    return () => window.clearInterval(timer);
  }, [held, count]);
  // Another size of the screen may have fewer turns than the one that was being shown.
  return { turn: turn % count, held };
}

/** The board for the wall of the command room: large, dark, by itself. */
export function WallPage(): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const found = useQuery(boardQuery);
  const [count, setCount] = useState(1);
  const { turn, held } = useTurn(count);
  const fontPx = useLetters();
  useWake();
  useEffect(() => lendTheme("dark"), []);
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !document.fullscreenElement) void go({ to: "/" });
    };
    window.addEventListener("keydown", leave);
    return () => window.removeEventListener("keydown", leave);
  }, [go]);
  if (!found.data) {
    return (
      <div className="page">
        <h1>{t("board.wall.title")}</h1>
        {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : <Waiting rows={14} />}
      </div>
    );
  }
  const board = found.data;
  return (
    <div className="wall">
      <h1 className="sr-only">{t("board.wall.title")}</h1>
      <Totals totals={board.totals} />
      <div className="wall-map">
        <MapPanel board={board} />
      </div>
      <WallDeck panels={panels} contentOf={(key) => contentOf(board, key, fontPx)} turn={turn} onTurns={setCount} />
      <WallFoot asOf={board.outbreak.now} held={held} turn={turn} turns={count} />
    </div>
  );
}

/** Which moment of the outbreak the figures are of, whether the line holds, and what the keys do. */
function WallFoot(props: {
  readonly asOf: string;
  readonly held: boolean;
  readonly turn: number;
  readonly turns: number;
}): ReactNode {
  const { t } = useTranslation();
  const live = useLiveState();
  const timeZone = useTimeZone();
  const wall = wallTime(props.asOf, timeZone);
  return (
    <footer className="wall-foot">
      <span className={`live live-${live}`}>{t(`shell.live.${live}`)}</span>
      <span>{t("board.wall.fetched", { at: `${wall.time} ${wall.offset}` })}</span>
      <span>
        {t("board.wall.turn", { turn: props.turn + 1, turns: props.turns })}
        {props.held ? ` · ${t("board.wall.held")}` : ""}
      </span>
      <span className="muted">{t("board.wall.keys")}</span>
      <button type="button" className="link" onClick={() => void document.documentElement.requestFullscreen()}>
        {t("board.wall.full")}
      </button>
    </footer>
  );
}
