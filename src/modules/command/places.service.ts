import { areasByCode } from "#modules/areas";
import { openCheckpoints } from "#modules/inbound";
import { currentOutbreak } from "#modules/outbreaks";
import { openLabs, openSites, sitesByCounty } from "#modules/screening";
import { liftsAhead } from "#modules/zones";
import { dayOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { areaOf } from "./board.service.ts";
import type { LiftingAnswer, PlacesAnswer, PlacesQuery } from "./places.model.ts";
import { areasOfPlace, isTogether, liftRow, placeAt, type KnownPlace } from "./places.rules.ts";

const sitesMax = 3_000;
const marksMax = 500;
const liftsMax = 10;

const read = { permission: "command.board.read", kind: "read" } as const;

/** The counties' sites together, each under its county's name. */
async function countySites(tx: Tx, areaCode: string): Promise<KnownPlace[]> {
  const counties = await sitesByCounty(tx, areaCode, marksMax);
  const areas = await areasByCode(
    tx,
    counties.map((county) => county.areaCode),
  );
  return counties.map(({ areaCode: code, count }) => ({
    id: code,
    areaCode: code,
    name: areas.get(code)?.name ?? code,
    nameEn: areas.get(code)?.nameEn ?? code,
    lat: null,
    lon: null,
    count,
    capacity: null,
  }));
}

/** The places of a kind, one more than the bound so that the cut is seen. */
async function placesOf(tx: Tx, kind: PlacesQuery["kind"], areaCode: string): Promise<[KnownPlace[], number]> {
  const single = { count: 1 } as const;
  if (kind === "checkpoint") {
    const rows = await openCheckpoints(tx, areaCode, marksMax + 1);
    const known = rows.map((row) => ({ ...row, ...single, nameEn: row.name, capacity: null }));
    return [known, marksMax];
  }
  if (kind === "laboratory") {
    const rows = await openLabs(tx, areaCode, marksMax + 1);
    return [rows.map((row) => ({ ...row, ...single })), marksMax];
  }
  if (isTogether(areaCode)) return [await countySites(tx, areaCode), marksMax];
  return [(await openSites(tx, areaCode, sitesMax + 1)).map((row) => ({ ...row, ...single })), sitesMax];
}

/** Sampling sites, laboratories or checkpoints for the map, inside the reader's area. spec: CMD-9 */
export const boardPlaces = useCase(
  {
    name: "command.boardPlaces",
    ...read,
    area: (input: PlacesQuery, tx: Tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<PlacesAnswer> => {
    const areaCode = input.areaCode ?? areaOf(tx, await currentOutbreak(tx));
    const [found, max] = await placesOf(tx, input.kind, areaCode);
    const shown = found.slice(0, max);
    const areas = await areasByCode(
      tx,
      shown.flatMap((place) => areasOfPlace(place.areaCode)),
    );
    return { items: shown.flatMap((place) => placeAt(place, areas)), more: found.length > max };
  },
);

/** The zones nearest to their lifting in the reader's area, each with what it still lacks. spec: CMD-9 */
export const boardLifting = useCase(
  { name: "command.boardLifting", ...read },
  async (tx, _input: Record<string, never>): Promise<LiftingAnswer> => {
    const outbreak = await currentOutbreak(tx);
    const ahead = await liftsAhead(tx, outbreak, areaOf(tx, outbreak), liftsMax);
    const today = dayOf(tx.now, outbreak.timeZone);
    return { items: ahead.items.map(({ check, ...zone }) => liftRow(zone, check, today)), total: ahead.total };
  },
);
