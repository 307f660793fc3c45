import { completeCore, completeReport, identifyContacts } from "#modules/tracing";
import { recordVisits, type Scan } from "#modules/venues";
import { personIdOf, personIndexOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";

interface CaseFound {
  readonly caseId: string;
  readonly personId: number;
}

const minutesPerDay = 1_440;
const reportAfterMin = 16 * 60;
const scansPerCallMax = 5_000;

/** Did a stay take place? Before the county's order everybody went; after it the engine's present controls decide. */
function tookPlace(hand: Hand, person: number, stay: { venue: number; day: number; toMinute: number }): boolean {
  if (stay.toMinute > hand.minute) return false;
  const county = hand.city.counties[hand.city.countyOf(person)]?.code ?? "";
  const confined = hand.memory.confinedFrom[county];
  return confined === undefined || stay.toMinute <= confined || hand.engine.visitHappens(person, stay.venue, stay.day);
}

/**
 * The scans of the places a case went to. A scan is a pure function of the seed, so it need not be stored
 * before somebody asks: the venues hand over the days the tracers ask for, and those who did not scan are missing.
 */
async function collectScans(hand: Hand, person: number, key: string): Promise<void> {
  const today = Math.floor(hand.minute / minutesPerDay);
  const scans: Scan[] = [];
  const share = hand.scenario.tracing.foundVenue.value;
  for (let day = Math.max(0, today - hand.protocol.contacts.lookbackDays - 1); day <= today; day++)
    for (const { venue, toMinute } of hand.city.visits(person, day)) {
      if (!tookPlace(hand, person, { venue, day, toMinute })) continue;
      for (const visitor of hand.city.visitorsOf(venue, day)) {
        const stay = { venue, day, toMinute: visitor.toMinute };
        const scanned = visitor.person === person || hand.chance(share, "scanned", `${visitor.person} ${venue} ${day}`);
        if (!scanned || !tookPlace(hand, visitor.person, stay)) continue;
        const at = hand.instantAt(visitor.fromMinute);
        scans.push({
          venueCode: `V${venue}`,
          personId: personIdOf(visitor.person),
          at,
          until: hand.instantAt(visitor.toMinute),
        });
      }
    }
  for (let from = 0; from < scans.length; from += scansPerCallMax)
    await recordVisits(hand.ctx("cdc", "", `scans ${key} ${from}`), {
      visits: scans.slice(from, from + scansPerCallMax),
    });
  hand.count("scans", scans.length);
}

/** The core activity track is known: where the case was, from the person and the codes. */
async function core(hand: Hand, item: DrillItem): Promise<void> {
  const found = item.data as CaseFound;
  await collectScans(hand, personIndexOf(found.personId), item.key);
  await completeCore(hand.ctx("tracer", "", `core ${item.key}`, { reason: "流调 / case investigation" }), {
    caseId: found.caseId,
  });
}

/** Contacts are named and classed; the day's list goes to isolation by itself. */
async function contacts(hand: Hand, item: DrillItem): Promise<void> {
  const { caseId } = item.data as CaseFound;
  const named = await identifyContacts(
    hand.ctx("tracer", "", `contacts ${item.key}`, { reason: "流调 / case investigation" }),
    { caseId },
  );
  hand.count("closeContacts", named.close);
  hand.count("secondaryContacts", named.secondary);
}

async function report(hand: Hand, item: DrillItem): Promise<void> {
  await completeReport(hand.ctx("tracer", "", `epiReport ${item.key}`), { caseId: (item.data as CaseFound).caseId });
}

/** Tracing teams: the core track, the contacts, the report. */
export const tracingActor: DrillActor = {
  name: "tracing",
  items: { "tracing.core": core, "tracing.contacts": contacts, "tracing.report": report },
  events: {
    "cases.preliminary": (hand, event) => {
      const data = event.data as CaseFound;
      const key = `p${data.personId}`;
      const coreAt = hand.delay(hand.scenario.tracing.coreTrack, "core", key);
      const contactsAt = Math.max(coreAt + 1, hand.delay(hand.scenario.tracing.contactIdentified, "contacts", key));
      hand.after(coreAt, "tracing.core", key, data);
      hand.after(contactsAt, "tracing.contacts", key, data);
      hand.after(Math.max(contactsAt + 1, reportAfterMin), "tracing.report", key, data);
    },
  },
};
