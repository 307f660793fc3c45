import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
  type RefObject,
} from "react";
import { wallTurns, type WallItem, type WallPlace } from "#domain/command";

/** What the deck has to know of a panel before it stands. */
export interface DeckPanel {
  readonly key: string;
  /** The width its rows need, in letters' heights. */
  readonly wideEm?: number;
  /** It fills whatever room it gets and needs at least so much, in letters' heights. */
  readonly growsEm?: number;
}

const columnEm = 25;
const columnsMax = 3;
const gapPx = 10;
const overlapEm = 2.2;
/** The edges of a slot, which stand outside its content. */
const edgePx = 2;
/** Below this width the wall is looked at in the hand: everything stands in one column and is scrolled. */
const inHand = matchMedia("(max-width: 900px)");

function onHand(changed: () => void): () => void {
  inHand.addEventListener("change", changed);
  return () => inHand.removeEventListener("change", changed);
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly fontPx: number;
}

/** The room beside the map, as long as it keeps its size. */
function useSize(box: RefObject<HTMLDivElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watcher = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      const fontPx = Number.parseFloat(getComputedStyle(element).fontSize);
      setSize((before) =>
        before?.width === width && before.height === height && before.fontPx === fontPx
          ? before
          : { width, height, fontPx },
      );
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box]);
  return size;
}

/** How high each panel's content is at its width; what grows is not measured. */
function useHeights(box: RefObject<HTMLDivElement | null>, width: number): ReadonlyMap<string, number> {
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  useLayoutEffect(() => {
    const slots = [...(box.current?.querySelectorAll<HTMLElement>("[data-measured]") ?? [])];
    const read = (): void => {
      const found = new Map(slots.map((slot) => [slot.dataset["measured"] ?? "", slot.offsetHeight]));
      setHeights((before) =>
        before.size === found.size && [...found].every(([key, height]) => before.get(key) === height) ? before : found,
      );
    };
    const watcher = new ResizeObserver(read);
    for (const slot of slots) watcher.observe(slot);
    return () => watcher.disconnect();
  }, [box, width]);
  return heights;
}

/** The turns for a size; null until everything was measured once. */
function turnsOf(
  panels: readonly DeckPanel[],
  size: Size,
  columns: number,
  heights: ReadonlyMap<string, number>,
): readonly (readonly WallPlace[])[] | null {
  const columnPx = columnWidth(size.width, columns);
  const items: WallItem[] = [];
  let grows: WallItem | null = null;
  for (const { key, wideEm = 0, growsEm } of panels) {
    const height = growsEm === undefined ? heights.get(key) : growsEm * size.fontPx;
    if (height === undefined) return null;
    const item = { key, isWide: wideEm * size.fontPx > columnPx, height: height + edgePx };
    if (growsEm === undefined) items.push(item);
    else grows = item;
  }
  return wallTurns(items, { columns, height: size.height, gap: gapPx, overlap: overlapEm * size.fontPx }, grows);
}

function columnWidth(width: number, columns: number): number {
  return (width - gapPx * (columns - 1)) / columns;
}

interface DeckProps {
  readonly panels: readonly DeckPanel[];
  readonly contentOf: (key: string) => ReactNode;
  readonly turn: number;
  /** Is told how many turns there are. */
  readonly onTurns: (count: number) => void;
}

/** The panels beside the map: on a wall in turns, in the hand all below each other. */
export function WallDeck(props: DeckProps): ReactNode {
  const narrow = useSyncExternalStore(onHand, () => inHand.matches);
  if (!narrow) return <Turning {...props} />;
  return (
    <div className="wall-flow">
      {props.panels.map(({ key }) => (
        <div key={key} className="wall-slot">
          {props.contentOf(key)}
        </div>
      ))}
    </div>
  );
}

/** As many panels at a time as fit whole; the others take their turn. */
function Turning(props: DeckProps): ReactNode {
  const { panels, contentOf, turn, onTurns } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const { width = 0, fontPx = 0 } = size ?? {};
  const columns = size ? Math.max(1, Math.min(columnsMax, Math.floor(width / (columnEm * fontPx)))) : 1;
  const columnPx = columnWidth(width, columns);
  const heights = useHeights(box, columnPx);
  const turns = useMemo(() => size && turnsOf(panels, size, columns, heights), [panels, size, columns, heights]);
  const count = turns?.length ?? 0;
  useEffect(() => {
    if (count > 0) onTurns(count);
  }, [count, onTurns]);
  const places = turns?.[turn % Math.max(1, count)] ?? [];
  return (
    <div ref={box} className="wall-deck" {...(count > 0 ? { "data-turns": count } : {})}>
      {panels.map(({ key, growsEm, wideEm = 0 }) => {
        const place = places.find((one) => one.key === key);
        // What waits is measured at the width that it will have.
        const span = place?.span ?? (wideEm * fontPx > columnPx ? columns : 1);
        return (
          <div
            key={key}
            className="wall-slot"
            inert={place === undefined}
            style={{
              width: columnPx * span + gapPx * (span - 1),
              left: (place?.column ?? 0) * (columnPx + gapPx),
              top: place?.top ?? 0,
              visibility: place ? "visible" : "hidden",
              ...(place ? { height: place.height } : {}),
            }}
          >
            <div
              className={growsEm === undefined ? "wall-content" : "wall-grows"}
              style={place && place.shift > 0 ? { transform: `translateY(${-place.shift}px)` } : {}}
              {...(growsEm === undefined ? { "data-measured": key } : {})}
            >
              {contentOf(key)}
            </div>
          </div>
        );
      })}
    </div>
  );
}
