import type { RoomKind } from "./isolation.model.ts";

/** A room with free beds. A ward may be partly taken; another room only by the `party` that lives there. */
export interface FreeRoom {
  readonly roomId: number;
  readonly siteId: string;
  readonly floorId: number;
  readonly floorPurpose: string | null;
  readonly kind: RoomKind;
  readonly bedIds: readonly number[];
  readonly party: string | null;
}

/** Hands out free beds so that none is handed out twice and no floor serves two purposes. */
export interface Picker {
  /** A room with at least `beds` free beds at the first of the sites that has one; it then belongs to the party. */
  take(
    sites: readonly string[],
    kinds: readonly RoomKind[],
    beds: number,
    purpose: string,
    party: string,
  ): FreeRoom | undefined;
  /** The next free bed of a room that was taken. */
  bed(room: FreeRoom): number;
  /** A room in which the party already lives with the same purpose, with a free bed. */
  join(party: string, purpose: string): FreeRoom | undefined;
}

interface Shelf {
  readonly rooms: FreeRoom[];
  /** Rooms before this one are taken. */
  from: number;
}

/** Makes the picker of one allocation; rooms are offered in the order of their ids. */
export function createPicker(rooms: readonly FreeRoom[]): Picker {
  const purposes = new Map<number, string | null>();
  const nextBed = new Map<number, number>();
  const taken = new Set<number>();
  const lived = new Map<string, FreeRoom[]>();
  const shelves = new Map<string, Shelf>();
  for (const room of rooms.toSorted((a, b) => a.roomId - b.roomId)) {
    purposes.set(room.floorId, room.floorPurpose);
    nextBed.set(room.roomId, 0);
    if (room.party !== null) addTo(lived, room.party, room);
    else {
      const key = `${room.siteId} ${room.kind}`;
      const shelf = shelves.get(key);
      if (shelf) shelf.rooms.push(room);
      else shelves.set(key, { rooms: [room], from: 0 });
    }
  }
  const left = (room: FreeRoom): number => room.bedIds.length - (nextBed.get(room.roomId) ?? 0);

  function find(shelf: Shelf, beds: number, wanted: (purpose: string | null) => boolean): FreeRoom | undefined {
    while (shelf.from < shelf.rooms.length && isGone(shelf.rooms[shelf.from])) shelf.from += 1;
    let best: FreeRoom | undefined;
    for (let i = shelf.from; i < shelf.rooms.length; i++) {
      const room = shelf.rooms[i];
      if (!room || isGone(room) || left(room) < beds || !wanted(purposes.get(room.floorId) ?? null)) continue;
      // The tightest room that fits: a pair does not take the room of a family of four.
      if (!best || left(room) < left(best)) best = room;
      if (left(best) === beds || best.kind === "ward") break;
    }
    return best;
  }

  function isGone(room: FreeRoom | undefined): boolean {
    return room === undefined || left(room) === 0 || (room.kind !== "ward" && taken.has(room.roomId));
  }

  return {
    take(sites, kinds, beds, purpose, party) {
      for (const site of sites)
        for (const kind of kinds) {
          const shelf = shelves.get(`${site} ${kind}`);
          if (!shelf) continue;
          // Floors that already serve this purpose first, then an empty floor. spec: ISO-12
          const room = find(shelf, beds, (now) => now === purpose) ?? find(shelf, beds, (now) => now === null);
          if (!room) continue;
          purposes.set(room.floorId, purpose);
          taken.add(room.roomId);
          if (room.kind !== "ward") addTo(lived, party, room);
          return room;
        }
      return undefined;
    },
    bed(room) {
      const at = nextBed.get(room.roomId) ?? 0;
      const bed = room.bedIds[at];
      if (bed === undefined) throw new Error("a taken room has a free bed");
      nextBed.set(room.roomId, at + 1);
      return bed;
    },
    join: (party, purpose) =>
      (lived.get(party) ?? []).find((room) => left(room) > 0 && (purposes.get(room.floorId) ?? purpose) === purpose),
  };
}

function addTo(map: Map<string, FreeRoom[]>, key: string, room: FreeRoom): void {
  const list = map.get(key);
  if (list) list.push(room);
  else map.set(key, [room]);
}
