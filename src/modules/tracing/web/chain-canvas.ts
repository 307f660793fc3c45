import { quadtree, type Quadtree } from "d3-quadtree";
import type { ChainLayout, ChainPoint } from "#domain/tracing";
import type { ThemeName } from "#web/preferences";
import { fontStack } from "#web/theme";

/** What is drawn of a case or of several drawn as one. */
export interface ChainMark extends ChainPoint {
  readonly kind: "confirmed" | "asymptomatic" | "suspect" | "other";
  readonly label: string;
  /** How many cases it stands for. */
  readonly size: number;
  readonly members: readonly string[];
  /** What they have in common where they are several. */
  readonly group: string | null;
}

/** A contact of the chosen case, drawn beside it. */
export interface ContactMark {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
}

export interface View {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly layout: ChainLayout<ChainMark>;
  readonly chosen: string | null;
  readonly contacts: readonly ContactMark[];
  readonly found: ReadonlySet<string>;
}

const rowPx = 18;
const padPx = 40;
const axisPx = 26;
const markPx = 5;
const labelRowPxMin = 13;
const labelLinePx = 13;
const palettes = {
  light: { ink: "#14202b", soft: "#52606d", line: "#9fb0bf", grid: "#e2e7ec", ground: "#ffffff", pick: "#0b5cad" },
  dark: { ink: "#e8eef4", soft: "#a3b1bf", line: "#4b5f73", grid: "#1e2a36", ground: "#121b24", pick: "#86bdf3" },
} as const;
const fills = {
  light: { confirmed: "#b2182b", asymptomatic: "#c26a06", suspect: "#5e4fa2", other: "#5b6775" },
  dark: { confirmed: "#f0616d", asymptomatic: "#f0a04b", suspect: "#a99be8", other: "#9aa7b4" },
} as const;

/** Where a place of the layout lies before zooming. */
export function basePlace(layout: ChainLayout<ChainMark>, width: number, x: number, row: number): [number, number] {
  const perDay = (width - 2 * padPx) / Math.max(1, layout.days);
  return [padPx + x * perDay, axisPx + padPx / 2 + row * rowPx];
}

/** A search tree over the marks, for the one under the pointer. */
export function treeOf(layout: ChainLayout<ChainMark>, width: number): Quadtree<[number, number, string]> {
  return quadtree<[number, number, string]>(
    layout.placed.map(({ point, x, row }) => [...basePlace(layout, width, x, row), point.id]),
  );
}

/** Draws the whole scene as it is seen now; only what lies in the window is touched. */
export function drawScene(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  scene: Scene,
  view: View,
  theme: ThemeName,
): void {
  const { layout } = scene;
  const colours = palettes[theme];
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, size.width, size.height);
  const place = (x: number, row: number): [number, number] => {
    const [left, top] = basePlace(layout, size.width, x, row);
    return [left * view.k + view.x, top * view.k + view.y];
  };
  const spots = new Map(layout.placed.map((one) => [one.point.id, place(one.x, one.row)]));
  drawAxis(context, size, layout, place, colours);
  drawEdges(context, size, scene, spots, colours);
  drawMarks(context, size, scene, spots, view, theme);
  drawContacts(context, scene, spots, view, theme);
}

type Spots = ReadonlyMap<string, readonly [number, number]>;
type Palette = (typeof palettes)[ThemeName];

/** One line a day while days are wide enough, else one a week or a month. */
function drawAxis(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  layout: ChainLayout<ChainMark>,
  place: (x: number, row: number) => [number, number],
  colours: Palette,
): void {
  const perDay = place(1, 0)[0] - place(0, 0)[0];
  const every = perDay >= 46 ? 1 : perDay >= 7 ? 7 : 28;
  context.font = `12px ${fontStack}`;
  context.textAlign = "center";
  for (let day = 0; day <= layout.days + every; day += every) {
    const [x] = place(day, 0);
    if (x < -60 || x > size.width + 60) continue;
    context.fillStyle = colours.grid;
    context.fillRect(Math.round(x), axisPx, 1, size.height - axisPx);
  }
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, size.width, axisPx);
  context.fillStyle = colours.soft;
  for (let day = 0; day <= layout.days + every; day += every) {
    const [x] = place(day, 0);
    if (x < -60 || x > size.width + 60) continue;
    context.fillText(new Date(layout.fromMs + day * 86_400_000).toISOString().slice(5, 10), x, 17);
  }
}

function drawEdges(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  { layout, chosen }: Scene,
  spots: Spots,
  colours: Palette,
): void {
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.beginPath();
  const picked: [readonly [number, number], readonly [number, number]][] = [];
  for (const { point } of layout.placed) {
    const to = spots.get(point.id);
    const from = point.parent === null ? undefined : spots.get(point.parent);
    if (!to || !from) continue;
    if (Math.max(from[1], to[1]) < 0 || Math.min(from[1], to[1]) > size.height) continue;
    if (point.id === chosen || point.parent === chosen) picked.push([from, to]);
    context.moveTo(from[0], from[1]);
    context.lineTo(from[0], to[1]);
    context.lineTo(to[0], to[1]);
  }
  context.stroke();
  context.strokeStyle = colours.pick;
  context.lineWidth = 2;
  context.beginPath();
  for (const [from, to] of picked) {
    context.moveTo(from[0], from[1]);
    context.lineTo(from[0], to[1]);
    context.lineTo(to[0], to[1]);
  }
  context.stroke();
}

/** Shape says the class as well as colour does. */
function shape(context: CanvasRenderingContext2D, kind: ChainMark["kind"], x: number, y: number, r: number): void {
  context.beginPath();
  if (kind === "confirmed") context.arc(x, y, r, 0, 2 * Math.PI);
  else if (kind === "asymptomatic") {
    context.moveTo(x, y - r * 1.2);
    context.lineTo(x + r * 1.15, y + r);
    context.lineTo(x - r * 1.15, y + r);
    context.closePath();
  } else if (kind === "suspect") context.rect(x - r, y - r, 2 * r, 2 * r);
  else {
    context.moveTo(x, y - r * 1.25);
    context.lineTo(x + r * 1.25, y);
    context.lineTo(x, y + r * 1.25);
    context.lineTo(x - r * 1.25, y);
    context.closePath();
  }
}

function drawMarks(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  { layout, chosen, found }: Scene,
  spots: Spots,
  view: View,
  theme: ThemeName,
): void {
  const colours = palettes[theme];
  const labelled = rowPx * view.k >= labelRowPxMin;
  context.font = `12px ${fontStack}`;
  context.textAlign = "left";
  const labels: { readonly text: string; readonly x: number; readonly y: number; readonly chosen: boolean }[] = [];
  const taken = stretches();
  for (const { point } of layout.placed) {
    const [x = -100, y = -100] = spots.get(point.id) ?? [];
    if (x < -20 || x > size.width + 20 || y < axisPx - 10 || y > size.height + 20) continue;
    const r = (point.size > 1 ? markPx + Math.min(6, Math.sqrt(point.size)) : markPx) * Math.min(1, 0.5 + view.k / 2);
    shape(context, point.kind, x, y, r);
    context.fillStyle = fills[theme][point.kind];
    context.fill();
    // Several drawn as one have a second outline, so that size alone need not say it.
    if (point.size > 1) {
      context.beginPath();
      context.arc(x, y, r + 2.5, 0, 2 * Math.PI);
      context.strokeStyle = colours.ink;
      context.lineWidth = 1;
      context.stroke();
    }
    if (point.id === chosen || found.has(point.id)) {
      context.beginPath();
      context.arc(x, y, r + 4, 0, 2 * Math.PI);
      context.strokeStyle = colours.pick;
      context.lineWidth = 2;
      context.stroke();
    }
    if (labelled || point.id === chosen)
      labels.push({ text: point.label, x: x + r + 4, y, chosen: point.id === chosen });
    taken.add(x - r, x + r, y);
  }
  context.fillStyle = colours.ink;
  // The chosen one's name always stands; another's only where it covers neither a mark nor a name.
  for (const label of labels.toSorted((a, b) => Number(b.chosen) - Number(a.chosen))) {
    const end = label.x + context.measureText(label.text).width;
    if (!label.chosen && !taken.isFree(label.x, end, label.y)) continue;
    taken.add(label.x, end, label.y);
    context.fillText(label.text, label.x, label.y + 4);
  }
}

/** Which stretches of which lines of the picture are covered. */
function stretches(): {
  readonly add: (from: number, to: number, y: number) => void;
  readonly isFree: (from: number, to: number, y: number) => boolean;
} {
  const lines = new Map<number, [number, number][]>();
  const linesOf = (y: number): number[] => [Math.floor(y / labelLinePx), Math.floor(y / labelLinePx + 0.5)];
  return {
    add(from, to, y) {
      for (const line of linesOf(y)) lines.set(line, [...(lines.get(line) ?? []), [from, to]]);
    },
    isFree: (from, to, y) =>
      linesOf(y).every((line) => (lines.get(line) ?? []).every(([start, end]) => to < start || from > end)),
  };
}

/** The contacts of the chosen case stand below it, one diamond each, by when they last met. */
function drawContacts(
  context: CanvasRenderingContext2D,
  { chosen, contacts }: Scene,
  spots: Spots,
  view: View,
  theme: ThemeName,
): void {
  const [x, y] = (chosen === null ? undefined : spots.get(chosen)) ?? [];
  if (x === undefined || y === undefined || contacts.length === 0) return;
  const colours = palettes[theme];
  const columns = Math.max(6, Math.ceil(Math.sqrt(contacts.length * 3)));
  contacts.forEach((contact, index) => {
    const left = x + 14 + (index % columns) * 11;
    const top = y + 16 + Math.floor(index / columns) * 11;
    shape(context, "other", left, top, 3.5);
    context.fillStyle = contact.kind === "close" ? fills[theme].other : colours.ground;
    context.fill();
    context.strokeStyle = fills[theme].other;
    context.lineWidth = 1;
    context.stroke();
  });
  context.strokeStyle = colours.pick;
  context.lineWidth = Math.min(1.5, view.k + 0.5);
  context.strokeRect(x + 7, y + 9, columns * 11 + 4, Math.ceil(contacts.length / columns) * 11 + 5);
}
