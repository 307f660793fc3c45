import { toString as qrText } from "qrcode";
import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { addDays, dayOf, daysOf } from "#kernel/time";
import { checkPositions } from "#modules/areas";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import {
  visitsPerBatchMax,
  type CoPresence,
  type RecordAnswer,
  type RecordVisits,
  type RegisterVenues,
  type VenueQuery,
  type VisitRow,
} from "./venues.model.ts";
import { coPresent, visitsOf } from "./presence.service.ts";
import { byIndex, visitOf, type VisitInput } from "./venues.rules.ts";
import {
  addNextDay,
  dropDaysBefore,
  findVenue,
  insertVisits,
  pageVenues,
  upsertVenues,
  venueNumbers,
} from "./venues.store.ts";

const writeVenue = "venues.venue.write";
const daysBackMax = 31;

/** Registers venues of an area; a known code is corrected. spec: VEN-1 */
export const registerVenues = useCase(
  { name: "venues.register", permission: writeVenue, kind: "write", area: (input: RegisterVenues) => input.areaCode },
  async (tx, input): Promise<{ venues: number }> => {
    if (input.venues.some((venue) => !isWithin(venue.areaCode, input.areaCode)))
      throw new ProblemError("request.invalid", {}, [{ pointer: "/venues", detail: "not all in the area" }]);
    checkPositions(tx, input.venues, (index) => `/venues/${index}`);
    return { venues: await upsertVenues(tx, input.venues) };
  },
);

export const listVenues = useCase(
  { name: "venues.list", permission: "venues.venue.read", kind: "read" },
  (tx, query: VenueQuery) => pageVenues(tx, query),
);

/** The venue's code as a QR picture to print and hang at the door. */
export const venueCode = useCase(
  { name: "venues.code", permission: "venues.venue.read", kind: "read" },
  async (tx, input: { id: string }): Promise<string> => {
    const venue = await findVenue(tx, input.id);
    if (!venue) throw new ProblemError("record.notFound", { what: "venue" });
    return qrText(venue.code, { type: "svg", errorCorrectionLevel: "M", margin: 2 });
  },
);

/** Takes a batch of scans; good rows stay, bad ones come back by row and field. spec: VEN-2, VEN-3 */
export async function storeVisits(tx: Tx, input: RecordVisits): Promise<RecordAnswer> {
  if (input.visits.length > visitsPerBatchMax) throw new ProblemError("limit.exceeded", { limit: visitsPerBatchMax });
  const zone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
  const dayAt = daysOf(zone);
  const nowMs = Date.parse(tx.now);
  const numbers = await venueNumbers(tx, [...new Set(input.visits.map((scan) => scan.venueCode))]);
  const bad: RecordAnswer["bad"] = [];
  const good: VisitInput[] = [];
  input.visits.forEach((scan, row) => {
    const visit = visitOf(scan, numbers.get(scan.venueCode), nowMs, dayAt);
    if ("code" in visit) bad.push({ row, ...visit });
    else good.push(visit);
  });
  good.sort(byIndex);
  const already = good.length === 0 ? 0 : (await insertVisits(tx, good)).size;
  return { recorded: good.length - already, already, bad };
}

export const recordVisits = useCase(
  { name: "venues.recordVisits", permission: "venues.visit.write", kind: "write" },
  storeVisits,
);

/** Where a person was, for a stated purpose only; the reason and the reading are kept. spec: VEN-4 */
export const visitsOfPerson = useCase(
  { name: "venues.visitsOfPerson", permission: "venues.visit.read", kind: "read", personal: true },
  async (tx, input: { personId: number; from: string; to: string }): Promise<VisitRow[]> => {
    await tx.audit({ action: "venues.visitsOfPerson", subjectType: "person", subjectId: String(input.personId) });
    return visitsOf(tx, [input.personId], input.from, input.to);
  },
);

/** Who was where a person was, for a stated purpose only. spec: VEN-4 */
export const coPresence = useCase(
  { name: "venues.coPresence", permission: "venues.visit.read", kind: "read", personal: true },
  async (tx, input: { personId: number; from: string; to: string; gapMinutes?: number }): Promise<CoPresence[]> => {
    const rows = await coPresent(tx, {
      personIds: [input.personId],
      from: input.from,
      to: input.to,
      gapMinutes: input.gapMinutes ?? 0,
    });
    await tx.audit({
      action: "venues.coPresence",
      subjectType: "person",
      subjectId: String(input.personId),
      count: rows.length,
    });
    return rows;
  },
);

/** Makes room for tomorrow's visits before midnight. spec: VEN-12 */
export async function openNextDay(tx: Tx): Promise<void> {
  const zone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
  await addNextDay(tx, addDays(dayOf(tx.now, zone), 1));
}

/** Drops the visits the protocol no longer allows to be kept. spec: VEN-5 */
export async function dropOldVisits(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  const days = outbreak?.protocol.retention.visitDays ?? daysBackMax;
  await dropDaysBefore(tx, addDays(dayOf(tx.now, outbreak?.timeZone ?? "UTC"), -days));
}
