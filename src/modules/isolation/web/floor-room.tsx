import { useTranslation } from "react-i18next";
import type { DragEvent, ReactNode } from "react";
import type { FloorRoom, RoomState } from "#domain/isolation";
import { wordFor } from "#web/i18n";

/** A shape for each state, so that colour is never alone. */
const shapes: Readonly<Record<RoomState, string>> = {
  free: "○",
  partly: "◐",
  held: "◇",
  taken: "●",
  cleaning: "≈",
  closed: "✕",
  staff: "▢",
};

/** A room's state by shape and word. */
export function RoomStateMark({ state }: { readonly state: RoomState }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className={`room-mark room-${state}`}>
      <span aria-hidden="true">{shapes[state]}</span> {wordFor(t, "rooms.values.state", state)}
    </span>
  );
}

interface TileProps {
  readonly room: FloorRoom;
  /** Is somebody picked for whom rooms are looked at? */
  readonly asking: boolean;
  readonly current: boolean;
  readonly names: ReadonlyMap<string, string>;
  /** What the server said when it refused this room. */
  readonly refusedText: string | null;
  readonly onChoose: (room: FloorRoom) => void;
  readonly onFocus: (room: FloorRoom) => void;
}

/** One room as a tile: number, state, who is in it, and why the picked person does not get it. */
export function RoomTile(props: TileProps): ReactNode {
  const { t } = useTranslation();
  const { room, asking } = props;
  const fits = asking && room.refusal === null;
  const why = asking && room.refusal ? wordFor(t, "rooms.values.refusal", room.refusal.why) : null;
  const onDragOver = (event: DragEvent): void => {
    if (!fits) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  };
  return (
    <button
      type="button"
      className={`room-tile room-${room.state}${fits ? " room-fits" : ""}${why ? " room-not" : ""}`}
      data-room={room.roomId}
      tabIndex={props.current ? 0 : -1}
      onFocus={() => props.onFocus(room)}
      onClick={() => props.onChoose(room)}
      onDragOver={onDragOver}
      onDrop={(event) => {
        event.preventDefault();
        props.onChoose(room);
      }}
    >
      <span className="room-head">
        <strong>{room.no}</strong>
        <span className="room-kind">
          {room.kind === "staff" ? wordFor(t, "rooms.values.zone", room.zone) : wordFor(t, "enums.roomKind", room.kind)}
        </span>
      </span>
      <RoomStateMark state={room.state} />
      {room.beds.length > 1 ? (
        <span className="room-beds">
          {t("rooms.floors.free", {
            free: room.beds.filter(({ state }) => state === "free").length,
            beds: room.beds.length,
          })}
        </span>
      ) : null}
      <Guests room={room} names={props.names} />
      {fits ? <span className="room-yes">✓ {t("rooms.floors.fits")}</span> : null}
      {why ? <span className="room-no">✕ {why}</span> : null}
      {props.refusedText ? (
        <span className="room-no" role="alert">
          {props.refusedText}
        </span>
      ) : null}
    </button>
  );
}

const guestsShownMax = 3;

function Guests(props: { readonly room: FloorRoom; readonly names: ReadonlyMap<string, string> }): ReactNode {
  const { t } = useTranslation();
  const { guests } = props.room;
  const [first] = guests;
  if (!first) return null;
  const shown = guests.slice(0, guestsShownMax).map((guest) => props.names.get(guest.orderId) ?? guest.coveredName);
  return (
    <span className="room-guests">
      {shown.join(t("rooms.floors.comma"))}
      {guests.length > guestsShownMax ? ` +${guests.length - guestsShownMax}` : ""}
      <span className="room-plan">
        {wordFor(t, "rooms.values.plan", first.category === "case" ? "case" : first.planClass)}
      </span>
    </span>
  );
}
