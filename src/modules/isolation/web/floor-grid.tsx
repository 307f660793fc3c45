import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FloorRoom } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { RoomTile } from "./floor-room.tsx";

interface GridProps {
  readonly rooms: readonly FloorRoom[];
  readonly asking: boolean;
  readonly current: number | null;
  readonly names: ReadonlyMap<string, string>;
  readonly refused: { readonly roomId: number; readonly text: string } | null;
  readonly onChoose: (room: FloorRoom) => void;
  readonly onFocus: (room: FloorRoom) => void;
}

interface Floor {
  readonly floor: number;
  readonly purpose: string | null;
  readonly rooms: FloorRoom[];
}

function floorsOf(rooms: readonly FloorRoom[]): Floor[] {
  const floors = new Map<number, Floor>();
  for (const room of rooms) {
    const floor = floors.get(room.floor) ?? { floor: room.floor, purpose: room.purpose, rooms: [] };
    floor.rooms.push(room);
    floors.set(room.floor, floor);
  }
  return [...floors.values()];
}

/** The tile that an arrow leads to: the next in reading order, or the nearest in the row above or below. */
function nextTile(tiles: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = tiles.indexOf(from);
  if (key === "ArrowRight") return tiles[at + 1];
  if (key === "ArrowLeft") return tiles[at - 1];
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles.at(-1);
  const down = key === "ArrowDown";
  const here = from.getBoundingClientRect();
  const beyond = tiles.filter((tile) => {
    const { top } = tile.getBoundingClientRect();
    return down ? top > here.bottom - 1 : top < here.top - 1;
  });
  const tops = beyond.map((tile) => tile.getBoundingClientRect().top);
  const row = down ? Math.min(...tops) : Math.max(...tops);
  const inRow = beyond.filter((tile) => Math.abs(tile.getBoundingClientRect().top - row) < here.height / 2);
  const away = (tile: HTMLElement): number => Math.abs(tile.getBoundingClientRect().left - here.left);
  return inRow.toSorted((a, b) => away(a) - away(b))[0];
}

const walking = new Set(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"]);

/** Floors as rows, rooms as tiles; one tab stop, arrows walk the rooms. */
export function FloorGrid(props: GridProps): ReactNode {
  const { t } = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  const current = props.rooms.some(({ roomId }) => roomId === props.current)
    ? props.current
    : (props.rooms[0]?.roomId ?? null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!walking.has(event.key) || !(event.target instanceof HTMLElement)) return;
    const tiles = [...(grid.current?.querySelectorAll<HTMLElement>("[data-room]") ?? [])];
    event.preventDefault();
    nextTile(tiles, event.target, event.key)?.focus();
  };
  return (
    <div ref={grid} className="floors" onKeyDown={onKeyDown} role="group" aria-label={t("rooms.floors.grid")}>
      {floorsOf(props.rooms).map(({ floor, purpose, rooms }) => (
        <section key={floor} className="floor" aria-label={t("rooms.floors.floor", { floor })}>
          <h2>
            {t("rooms.floors.floor", { floor })}
            <span className="muted">
              {purpose === null ? t("rooms.floors.noPurpose") : wordFor(t, "rooms.values.plan", purpose)}
            </span>
          </h2>
          <div className="floor-rooms">
            {rooms.map((room) => (
              <RoomTile
                key={room.roomId}
                room={room}
                asking={props.asking}
                current={room.roomId === current}
                names={props.names}
                refusedText={props.refused?.roomId === room.roomId ? props.refused.text : null}
                onChoose={props.onChoose}
                onFocus={props.onFocus}
              />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
