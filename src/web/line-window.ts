import { useCallback, useEffect, useState } from "react";
import { drawnRows, filledAtOnce, type RowRange } from "#kernel/row-range";

/** How high each row of a continuous list is. */
export const rowPx = 34;
/** Rows drawn beyond each edge of the window, so that a turn of the wheel shows no gap. */
const marginRows = 6;

interface Seen {
  /** The rows of the window and of its margins, whether or not the list has them. */
  readonly wanted: RowRange;
  /** Those of them that are filled. */
  readonly drawn: RowRange;
}

/** Before anything was measured: enough to say how wide the columns must be. */
const beginning: RowRange = { first: 0, last: filledAtOnce - 1 };

/**
 * Which rows of a box are in sight, and which of them to fill at this step. Every row is as high as the next, so a
 * division says it; a general library keeps a record of each row and makes all of them anew with each page that arrives,
 * which stopped the list at 100,000 rows.
 */
export function useWindow(): Seen & {
  readonly box: HTMLDivElement | null;
  readonly attach: (box: HTMLDivElement | null) => void;
} {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [seen, setSeen] = useState<Seen>({ wanted: beginning, drawn: beginning });
  const look = useCallback((): void => {
    if (!box) return;
    const first = Math.floor(box.scrollTop / rowPx) - marginRows;
    const wanted = { first, last: first + 2 * marginRows + Math.ceil(box.clientHeight / rowPx) };
    setSeen((before) => {
      const drawn = drawnRows(before.drawn, wanted, marginRows);
      return isSame(before.wanted, wanted) && isSame(before.drawn, drawn) ? before : { wanted, drawn };
    });
  }, [box]);
  useEffect(() => {
    if (!box) return undefined;
    box.addEventListener("scroll", look, { passive: true });
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      watcher.disconnect();
    };
  }, [box, look]);
  useEffect(() => {
    if (isSame(seen.drawn, seen.wanted)) return undefined;
    const next = requestAnimationFrame(look);
    return () => cancelAnimationFrame(next);
  }, [seen, look]);
  return { box, attach: setBox, ...seen };
}

const isSame = (a: RowRange, b: RowRange): boolean => a.first === b.first && a.last === b.last;
