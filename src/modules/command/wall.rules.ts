/** A panel that waits for its turn on the wall, as high as its content is. */
export interface WallItem {
  readonly key: string;
  readonly height: number;
  /** Its rows need more than one column. */
  readonly isWide: boolean;
}

/** The room beside the map. */
export interface WallRoom {
  readonly columns: number;
  readonly height: number;
  readonly gap: number;
  /** How much of a page of a panel that is too high is shown again on the next, so that no row is lost. */
  readonly overlap: number;
}

/** Where a panel stands during one turn. */
export interface WallPlace {
  readonly key: string;
  readonly column: number;
  readonly span: number;
  readonly top: number;
  readonly height: number;
  /** How far its content is moved up: a panel too high for the room shows its rows one page a turn. */
  readonly shift: number;
}

/** A panel, or one page of it. */
interface Page extends WallItem {
  readonly shift: number;
}

/** More pages than this of one panel would take the wall's whole minute. */
const pagesMax = 12;

function pagesOf(item: WallItem, room: WallRoom): Page[] {
  if (item.height <= room.height) return [{ ...item, shift: 0 }];
  const step = Math.max(1, room.height - room.overlap);
  const count = Math.min(pagesMax, Math.ceil((item.height - room.overlap) / step));
  return Array.from({ length: count }, (_, page) => ({
    ...item,
    height: room.height,
    // The last page ends where the content ends.
    shift: Math.min(page * step, item.height - room.height),
  }));
}

interface Column {
  used: number;
  readonly places: WallPlace[];
}

function put(column: Column, page: Page, at: { readonly column: number; readonly span: number }, gap: number): void {
  const top = column.used === 0 ? 0 : column.used + gap;
  const { key, height, shift } = page;
  column.places.push({ key, height, shift, top, ...at });
  column.used = top + height;
}

/** Lets the panel that grows, else the last of the column, take the room that is left. */
function stretched(column: Column, room: WallRoom, grows: string): WallPlace[] {
  const rest = Math.max(0, room.height - column.used);
  const index = Math.max(
    column.places.findIndex(({ key }) => key === grows),
    0,
  );
  const taker = column.places.some(({ key }) => key === grows) ? index : column.places.length - 1;
  return column.places.map((place, i) => ({
    ...place,
    top: i > taker ? place.top + rest : place.top,
    height: i === taker ? place.height + rest : place.height,
  }));
}

/** The emptiest column that has room for the panel; -1 where none has. */
function columnFor(columns: readonly Column[], page: WallItem, room: WallRoom): number {
  let best = -1;
  for (const [index, { used }] of columns.entries()) {
    const hasRoom = used === 0 || used + room.gap + page.height <= room.height;
    if (hasRoom && used < (columns[best]?.used ?? Infinity)) best = index;
  }
  return best;
}

/**
 * The turns of the wall: in each, as many panels as fit whole beside and below each other, in their order; a wide one has all
 * columns. What is too high for the room is paged. Room that is left repeats, the panel that grows first. spec: CMD-11
 */
export function wallTurns(items: readonly WallItem[], room: WallRoom, growing: WallItem | null): WallPlace[][] {
  // What grows can shrink too; it is never paged.
  const grows = growing && { ...growing, height: Math.min(growing.height, room.height) };
  let queue = [...(grows ? [grows] : []), ...items].flatMap((item) => pagesOf(item, room));
  const turns: WallPlace[][] = [];
  while (queue.length > 0) {
    const first = queue[0];
    const isWide = first?.isWide === true && room.columns > 1;
    const count = isWide ? 1 : room.columns;
    const columns = Array.from({ length: count }, (): Column => ({ used: 0, places: [] }));
    const left: Page[] = [];
    const seen = new Set<string>();
    for (const page of queue) {
      // A panel is in one place at a time, so its pages come one a turn.
      const isFree = !seen.has(page.key);
      seen.add(page.key);
      const fits = isFree && (isWide ? page === first : !(page.isWide && room.columns > 1));
      const column = fits ? columnFor(columns, page, room) : -1;
      const at = columns[column];
      if (at) put(at, page, { column, span: isWide ? room.columns : 1 }, room.gap);
      else left.push(page);
    }
    // Room that is left shows again what was shown before, rather than nothing.
    const again = [...(grows ? [grows] : []), ...items.filter((item) => !item.isWide && item.height <= room.height)];
    for (const item of again) {
      if (columns.some(({ places }) => places.some(({ key }) => key === item.key))) continue;
      const column = columnFor(columns, item, room);
      const at = columns[column];
      if (at) put(at, { ...item, shift: 0 }, { column, span: isWide ? room.columns : 1 }, room.gap);
    }
    turns.push(columns.flatMap((column) => stretched(column, room, grows?.key ?? "")));
    queue = left;
  }
  return turns;
}
