import { Button } from "antd";
import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "#domain/cases";
import { ringPointsMin, type MapPoint, type Shape } from "#domain/zones";
import { useSession } from "#web/session";
import type { AreaRow } from "#webx/area-names";
import { Waiting } from "#webx/parts";
import type { Tool } from "./draw-map.tsx";

/** Fetched when somebody takes it: its search among cases is heavier than all the other tools. */
const CircleTool = lazy(() => import("./circle-tool.tsx"));

/** What came of the last thing drawn: how many villages were taken in, and how many found no room. */
interface Told {
  readonly added: number;
  readonly left: number;
}

/** What is being drawn, and how it goes on. */
export interface Drawing {
  readonly tool: Tool;
  readonly ring: readonly MapPoint[];
  readonly circle: Shape | null;
  readonly told: Told | null;
  readonly choose: (tool: Tool) => void;
  readonly setRing: (points: readonly MapPoint[]) => void;
  readonly setCircle: (circle: Shape | null) => void;
  readonly undo: () => void;
  /** Closes the ring and takes in what lies in it. */
  readonly close: () => void;
  readonly cancel: () => void;
  readonly take: (shape: Shape) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [role=combobox]") !== null;
}

/** Holds what is being drawn; Enter closes a ring, Escape gives it up, Backspace takes its last corner back. */
export function useDrawing(takeIn: (shape: Shape) => Told): Drawing {
  const [tool, setTool] = useState<Tool>("pick");
  const [ring, setRing] = useState<readonly MapPoint[]>([]);
  const [circle, setCircle] = useState<Shape | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const cancel = useCallback(() => {
    setTool("pick");
    setRing([]);
    setCircle(null);
  }, []);
  const choose = useCallback(
    (next: Tool) => {
      cancel();
      setTold(null);
      setTool(next);
    },
    [cancel],
  );
  const take = useCallback(
    (shape: Shape) => {
      setTold(takeIn(shape));
      cancel();
    },
    [takeIn, cancel],
  );
  const close = useCallback(() => {
    if (ring.length >= ringPointsMin) take({ kind: "ring", points: ring });
  }, [ring, take]);
  const undo = useCallback(() => setRing((points) => points.slice(0, -1)), []);

  useEffect(() => {
    if (tool === "pick") return undefined;
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target)) return;
      if (event.key === "Escape") cancel();
      else if (tool === "ring" && event.key === "Backspace") undo();
      // Enter on a button presses it.
      else if (tool === "ring" && event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) close();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [tool, cancel, undo, close]);

  return { tool, ring, circle, told, choose, setRing, setCircle, undo, close, cancel, take };
}

const tools = ["pick", "box", "ring", "circle"] as const;

/** The tools above the map; the list below it chooses the same villages without any of them. */
export function DrawTools(props: {
  readonly drawing: Drawing;
  readonly cases: readonly CaseRow[];
  readonly villages: readonly AreaRow[];
}): ReactNode {
  const { t } = useTranslation();
  const { drawing, cases, villages } = props;
  const mayReadCases = useSession()?.permissions.includes("cases.case.read") === true;
  const { tool, ring } = drawing;
  return (
    <div className="draw-tools">
      <div className="map-switches" role="group" aria-label={t("zones.draw.tools")}>
        {tools
          .filter((name) => name !== "circle" || mayReadCases)
          .map((name) => (
            <button
              key={name}
              type="button"
              className="map-switch"
              aria-pressed={tool === name}
              onClick={() => drawing.choose(name)}
            >
              {t(`zones.draw.tool.${name}`)}
            </button>
          ))}
      </div>
      <p className="muted">{t(`zones.draw.hint.${tool}`)}</p>
      {tool === "ring" ? (
        <div className="page-actions">
          <Button size="small" disabled={ring.length === 0} onClick={drawing.undo}>
            {t("zones.draw.undo")}
          </Button>
          <Button size="small" type="primary" disabled={ring.length < ringPointsMin} onClick={drawing.close}>
            {t("zones.draw.close", { count: ring.length })}
          </Button>
          <Button size="small" onClick={drawing.cancel}>
            {t("zones.draw.giveUp")}
          </Button>
        </div>
      ) : null}
      {tool === "circle" ? (
        <Suspense fallback={<Waiting rows={2} />}>
          <CircleTool drawing={drawing} cases={cases} villages={villages} />
        </Suspense>
      ) : null}
    </div>
  );
}
