import type { Outbreak } from "#modules/outbreaks";
import { householdMembers, membersOfWorkplace, personCards } from "#modules/people";
import { coPresent, visitsOf } from "#modules/venues";
import { tubeMates, type CaseFacts } from "#modules/cases";
import { dayOf, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Candidate, IdentifyContacts } from "./tracing.model.ts";
import { rosterOverlap, settingOfVenue, venueGapMinutes, type ExposureWindow } from "./tracing.rules.ts";
import type { NewTrack } from "./tracing.store.ts";

/** Where a case was and whom it met there, from the registers; one query a register, whatever the number of people. */

const adultAge = 18;

function isMinor(birthDate: string | null, at: Instant, timeZone: string): boolean {
  if (birthDate === null) return false;
  const day = dayOf(at, timeZone);
  return `${Number(birthDate.slice(0, 4)) + adultAge}${birthDate.slice(4)}` > day;
}

/** The last moment of the window itself; a window still open ends in the present. */
function lastMoment(window: ExposureWindow): Instant {
  return window.to;
}

/** Meetings of a case by household, workplace or class, venues and the queue of its tube. spec: TRACE-4 */
export async function meetingsOf(
  tx: Tx,
  outbreak: Outbreak,
  record: CaseFacts,
  window: ExposureWindow,
  without: ReadonlySet<string>,
): Promise<Candidate[]> {
  const lastAt = lastMoment(window);
  const found: Candidate[] = [];
  if (!without.has("household"))
    for (const member of await householdMembers(tx, [record.personId]))
      found.push({
        personId: member.id,
        setting: "household",
        overlapMinutes: 0,
        gapMinutes: 0,
        lastAt,
        source: "household",
      });
  if (!without.has("workplace")) found.push(...(await teamOf(tx, outbreak, record, lastAt)));
  if (!without.has("visit"))
    for (const row of await coPresent(tx, {
      personIds: [record.personId],
      from: window.from,
      to: window.to,
      gapMinutes: venueGapMinutes(outbreak.protocol),
    }))
      found.push({
        personId: row.otherPersonId,
        setting: settingOfVenue(row.venueKind),
        overlapMinutes: row.overlapMinutes,
        gapMinutes: row.gapMinutes,
        lastAt: row.toAt,
        venueId: row.venueId,
        place: row.venueName,
        source: "visit",
      });
  if (!without.has("tube") && record.signalTubeId !== null)
    // Those sampled into one tube stood in one queue, a few steps apart.
    for (const mate of await tubeMates(tx, record.signalTubeId))
      found.push({
        personId: mate,
        setting: "publicPlace",
        overlapMinutes: 0,
        gapMinutes: 0,
        lastAt: record.sampledAt ?? record.positiveAt,
        source: "tube",
      });
  return found.filter((meeting) => meeting.personId !== record.personId);
}

async function teamOf(tx: Tx, outbreak: Outbreak, record: CaseFacts, lastAt: Instant): Promise<Candidate[]> {
  const [card] = await personCards(tx, [record.personId]);
  if (!card?.workplaceVenueId) return [];
  const members = await membersOfWorkplace(tx, [card.workplaceVenueId]);
  const setting = isMinor(card.birthDate, record.positiveAt, outbreak.timeZone) ? "school" : "work";
  const overlapMinutes = rosterOverlap(members.length);
  return members.map((member) => ({
    personId: member.id,
    setting,
    overlapMinutes,
    gapMinutes: 0,
    lastAt,
    place: `venue ${card.workplaceVenueId}`,
    source: "workplace",
  }));
}

/** The people who live with close contacts, as meetings with those contacts. spec: TRACE-6 */
export async function homesOf(tx: Tx, contacts: ReadonlyMap<number, Instant>): Promise<Candidate[]> {
  const members = await householdMembers(
    tx,
    [...contacts.keys()].toSorted((a, b) => a - b),
  );
  return members.map((member) => ({
    personId: member.id,
    viaPersonId: member.of,
    setting: "household",
    overlapMinutes: 0,
    gapMinutes: 0,
    lastAt: contacts.get(member.of) ?? tx.now,
    source: "household",
  }));
}

/** What a tracer's interview adds. */
export function interviewed(input: IdentifyContacts, window: ExposureWindow): Candidate[] {
  const lastAt = lastMoment(window);
  const listed = (input.exposures ?? []).map((row): Candidate => ({
    personId: row.personId,
    setting: row.setting,
    overlapMinutes: row.overlapMinutes,
    gapMinutes: row.gapMinutes,
    lastAt: row.lastAt ?? lastAt,
    source: "interview",
    ...(row.viaPersonId === undefined ? {} : { viaPersonId: row.viaPersonId }),
    ...(row.venueId === undefined ? {} : { venueId: row.venueId }),
    ...(row.place === undefined ? {} : { place: row.place }),
    ...(row.protected === undefined ? {} : { protected: row.protected }),
  }));
  const judgedByPerson = (input.extraPersonIds ?? []).map((personId): Candidate => ({
    personId,
    setting: "other",
    overlapMinutes: 0,
    gapMinutes: 0,
    lastAt,
    source: "interview",
  }));
  return [...listed, ...judgedByPerson];
}

/** Where the registers say the case was in the window: home, work or class, and venues. */
export async function registerTracks(
  tx: Tx,
  outbreak: Outbreak,
  record: CaseFacts,
  window: ExposureWindow,
): Promise<NewTrack[]> {
  const visits = await visitsOf(tx, [record.personId], window.from, window.to);
  const [card] = await personCards(tx, [record.personId]);
  const whole = { fromAt: window.from, toAt: window.to };
  const tracks: NewTrack[] = visits.map((visit) => ({
    venueId: visit.venueId,
    place: visit.venueName,
    setting: settingOfVenue(visit.venueKind),
    fromAt: visit.at,
    toAt: visit.until,
    source: "visit",
  }));
  tracks.push({ venueId: null, place: record.areaCode, setting: "household", ...whole, source: "household" });
  if (card?.workplaceVenueId) {
    const setting = isMinor(card.birthDate, record.positiveAt, outbreak.timeZone) ? "school" : "work";
    tracks.push({ venueId: null, place: `venue ${card.workplaceVenueId}`, setting, ...whole, source: "workplace" });
  }
  return tracks;
}
