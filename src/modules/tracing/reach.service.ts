import { caseFacts } from "#modules/cases";
import { outbreakById } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { coPresent, everybodyMet, PersonSet, type PresenceQuery } from "#modules/venues";
import { maskedName } from "#domain/people";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { CaseReach, CaseReachQuery, ReachedPerson } from "./tracing.model.ts";
import { exposureWindow, venueGapMinutes } from "./tracing.rules.ts";
import { missing } from "./tracing.service.ts";

const meetingsShownMax = 5;

interface Asked extends CaseReachQuery {
  readonly caseId: string;
}

/** Who the case met, and who met those, as two sets; nobody is in both. */
async function setsOf(
  tx: Tx,
  personId: number,
  query: Omit<PresenceQuery, "personIds">,
): Promise<{ readonly met: PersonSet; readonly further: PersonSet }> {
  const met = await everybodyMet(tx, PersonSet.of([personId]), query);
  const further = await everybodyMet(tx, met, query);
  further.delete(personId);
  return { met, further };
}

/** The next people of a set after one, at most so many. */
function pageOfSet(set: PersonSet, after: number, limit: number): number[] {
  const page: number[] = [];
  for (const person of set.values(after)) {
    if (page.length === limit) break;
    page.push(person);
  }
  return page;
}

/** The people of a page with the visits that met; those of other areas stay numbers of the whole. */
async function explained(
  tx: Tx,
  people: readonly number[],
  through: { has(person: number): boolean },
  query: Omit<PresenceQuery, "personIds">,
): Promise<ReachedPerson[]> {
  const cards = new Map((await personCards(tx, people)).map((card) => [card.id, card]));
  const seen = people.filter((person) => cards.has(person));
  const rows = seen.length === 0 ? [] : await coPresent(tx, { ...query, personIds: seen });
  return seen.map((person) => {
    const own = rows.filter((row) => row.personId === person && through.has(row.otherPersonId));
    const card = cards.get(person);
    return {
      personId: person,
      name: maskedName(card?.name ?? ""),
      areaCode: card?.areaCode ?? "",
      meetings: own.length,
      visits: own
        .toSorted((a, b) => b.overlapMinutes - a.overlapMinutes)
        .slice(0, meetingsShownMax)
        .map(({ venueName, fromAt, toAt, overlapMinutes }) => ({ venueName, fromAt, toAt, overlapMinutes })),
    };
  });
}

/**
 * How far a case reached through visits in its window: how many people it met and how many met those, and one page of
 * either with the visits that met. The sets are bits, so half a million people cost nothing until they are asked for.
 * spec: TRACE-14
 */
export const caseReach = useCase(
  { name: "tracing.caseReach", permission: "tracing.track.read", kind: "read", personal: true },
  async (tx, input: Asked): Promise<CaseReach> => {
    const [record] = await caseFacts(tx, [input.caseId]);
    if (!record) throw missing("case");
    const outbreak = await outbreakById(tx, record.outbreakId);
    const { from, to } = exposureWindow(outbreak.protocol, record, outbreak.timeZone, tx.now);
    const query = { from, to, gapMinutes: venueGapMinutes(outbreak.protocol) };
    const { met, further } = await setsOf(tx, record.personId, query);
    const limit = pageSize(input.limit);
    const after = Number(cursorKey(input.cursor, 1)?.[0] ?? 0);
    const page = pageOf(pageOfSet(input.degree === "2" ? further : met, after, limit + 1), limit, (person) => [person]);
    const through = input.degree === "2" ? met : new Set([record.personId]);
    const items = await explained(tx, page.items, through, query);
    await tx.audit({
      action: "tracing.caseReach",
      subjectType: "case",
      subjectId: input.caseId,
      areaCode: record.areaCode,
      count: items.length,
    });
    return { from, to, met: met.size, further: further.size, items, next: page.next };
  },
);
