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

/** A meeting with one of several people. */
export interface Met extends Candidate {
  readonly of: number;
}

/** Whose meetings are asked for: several people over one span, found positive at one moment. */
interface Subjects {
  readonly personIds: readonly number[];
  readonly span: Pick<ExposureWindow, "from" | "to">;
  readonly positiveAt: Instant;
}

const allSources: ReadonlySet<string> = new Set();

/** Meetings of people by household, workplace or class and venues, one query a register however many they are. spec: TRACE-4 */
export async function meetingsOfPeople(
  tx: Tx,
  outbreak: Outbreak,
  subjects: Subjects,
  without: ReadonlySet<string> = allSources,
): Promise<Met[]> {
  const { personIds, span } = subjects;
  const lastAt = span.to;
  const found: Met[] = [];
  if (!without.has("household"))
    for (const member of await householdMembers(tx, personIds))
      found.push({
        of: member.of,
        personId: member.id,
        setting: "household",
        overlapMinutes: 0,
        gapMinutes: 0,
        lastAt,
        source: "household",
      });
  if (!without.has("workplace")) found.push(...(await teamsOf(tx, outbreak, subjects)));
  if (!without.has("visit"))
    for (const row of await coPresent(tx, {
      personIds,
      from: span.from,
      to: span.to,
      gapMinutes: venueGapMinutes(outbreak.protocol),
    }))
      found.push({
        of: row.personId,
        personId: row.otherPersonId,
        setting: settingOfVenue(row.venueKind),
        overlapMinutes: row.overlapMinutes,
        gapMinutes: row.gapMinutes,
        lastAt: row.toAt,
        venueId: row.venueId,
        place: row.venueName,
        source: "visit",
      });
  return found;
}

/** Meetings of a case by household, workplace or class, venues and the queue of its tube. spec: TRACE-4 */
export async function meetingsOf(
  tx: Tx,
  outbreak: Outbreak,
  record: CaseFacts,
  window: ExposureWindow,
  without: ReadonlySet<string>,
): Promise<Candidate[]> {
  const subjects = { personIds: [record.personId], span: window, positiveAt: record.positiveAt };
  const met = await meetingsOfPeople(tx, outbreak, subjects, without);
  const found = met.map(({ of: _own, ...candidate }): Candidate => candidate);
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

async function teamsOf(tx: Tx, outbreak: Outbreak, subjects: Subjects): Promise<Met[]> {
  const cards = (await personCards(tx, subjects.personIds)).filter((card) => card.workplaceVenueId !== null);
  const venues = [...new Set(cards.map((card) => card.workplaceVenueId ?? 0))];
  const members = Map.groupBy(await membersOfWorkplace(tx, venues), (member) => member.venueId);
  return cards.flatMap((card) => {
    const team = members.get(card.workplaceVenueId ?? 0) ?? [];
    const setting = isMinor(card.birthDate, subjects.positiveAt, outbreak.timeZone) ? "school" : "work";
    return team
      .filter((member) => member.id !== card.id)
      .map((member): Met => ({
        of: card.id,
        personId: member.id,
        setting,
        overlapMinutes: rosterOverlap(team.length),
        gapMinutes: 0,
        lastAt: subjects.span.to,
        place: `venue ${card.workplaceVenueId}`,
        source: "workplace",
      }));
  });
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
  const lastAt = window.to;
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
