import { useEffect, useLayoutEffect, useRef } from "react";

/** Beyond this a sentence is cut, so that the next column stays in reach. */
const widestPx = 480;
/** A list that stood still so long is looked at again: names come later than rows, and other rows are longer. */
const stillMs = 400;
/** What a browser rounds away when it says how wide a text is. */
const roundedPx = 1;

/** How wide each column must be for its heading and the rows in sight to be read, in pixels, at most {@link widestPx}. */
function neededWidths(box: HTMLElement, count: number): number[] {
  const needed = Array.from({ length: count }, () => 0);
  box.style.setProperty("--line-columns", `repeat(${count}, 0)`);
  for (const row of box.querySelectorAll("[role=row]"))
    Array.from(row.children).forEach((cell, i) => {
      needed[i] = Math.max(needed[i] ?? 0, Math.min(widestPx, cell.scrollWidth + roundedPx));
    });
  return needed;
}

const isCut = (box: HTMLElement): boolean =>
  Array.from(box.querySelectorAll("[role=row] > *")).some(
    (cell) => cell.scrollWidth > cell.clientWidth && cell.clientWidth < widestPx,
  );

/**
 * Keeps the columns of a long list as wide as what stands in them, and every row as wide as the next. Rows whose width
 * hangs on their own content make the browser lay out all of them at each step; so the widths are measured while the
 * list stands still, held as one property of its box, and only ever grow.
 */
export function useColumnWidths(box: HTMLElement | null, columns: readonly string[], first: number): void {
  const widths = useRef<readonly number[]>([]);
  const key = columns.join(" ");
  // The first rows are never seen at another width than theirs.
  useLayoutEffect(() => {
    if (box) widths.current = fitted(box, neededWidths(box, columns.length));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- other columns have other names
  }, [box, key]);
  useEffect(() => {
    if (!box) return undefined;
    const timer = setInterval(() => {
      if (!isCut(box)) return;
      const before = widths.current;
      const needed = neededWidths(box, before.length);
      widths.current = fitted(
        box,
        needed.map((px, i) => Math.max(px, before[i] ?? 0)),
      );
    }, stillMs);
    return () => clearInterval(timer);
  }, [box, key, first]);
}

/** Gives the box its columns. */
function fitted(box: HTMLElement, widths: readonly number[]): readonly number[] {
  box.style.setProperty("--line-columns", widths.map((px) => `minmax(${px}px, 1fr)`).join(" "));
  box.style.setProperty("--line-width", `${widths.reduce((sum, px) => sum + px, 0)}px`);
  return widths;
}
