import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { isSpread } from "#platform/spread";
import { useCase } from "#platform/usecase";
import { candidatesFor, candidatesOf, insertCandidates, type Found } from "./candidates.store.ts";
import { entriesByNo, lockEntry, pageReview, sealedNumbers, type StoredEntry } from "./entries.store.ts";
import { decideLink, defaultWeights, type LinkDecision } from "./linkage.rules.ts";
import { checkComparable } from "./registers.service.ts";
import { storeDecisions, tallyEntries, undoStanding } from "./links.store.ts";
import { registerPeople } from "./people.service.ts";
import type { LinkAnswer, LinkTally, Review, ReviewQuery } from "./registers.model.ts";
import { holdArrivals, lockVillages, markCompared, waitingNumbers, waitingVillages } from "./waiting.store.ts";

/** Who an entry is: exact keys by themselves, everything else by a person's decision that can be taken back. */

const batchMax = 500;
const reviewHoursMax = 48;

/**
 * Compares a few of a register's new entries with the register of people, one by one: exact keys link, scores ask. A whole
 * register is compared by a run (runs.service.ts), which decides the same. spec: PEOPLE-10, PEOPLE-11, PEOPLE-12
 */
export const linkEntries = useCase(
  { name: "people.linkEntries", permission: "people.link.write", kind: "write" },
  async (tx, input: { register: string; limit?: number }): Promise<LinkTally> => {
    await checkComparable(tx);
    await holdArrivals(tx.sql);
    const limit = Math.min(input.limit ?? batchMax, batchMax);
    const villages = firstVillages(await waitingVillages(tx, input.register), limit);
    await lockVillages(tx, input.register, villages);
    const entries = await entriesByNo(tx, await waitingNumbers(tx, input.register, villages, limit));
    const run = await compare(tx, entries);
    await markCompared(tx, input.register, villages);
    return run;
  },
);

/** As many villages as are needed for so many entries. */
function firstVillages(villages: readonly { areaCode: string; waiting: number }[], limit: number): string[] {
  const taken: string[] = [];
  let entries = 0;
  for (const { areaCode, waiting } of villages) {
    if (entries >= limit) break;
    taken.push(areaCode);
    entries += waiting;
  }
  return taken;
}

/** What becomes of each entry, by all the people it may be. */
export async function decisionsFor(
  tx: Tx,
  entries: readonly StoredEntry[],
): Promise<{ readonly entry: StoredEntry; readonly decision: LinkDecision }[]> {
  const found = await candidatesFor(
    tx,
    entries.map(({ id }) => id),
  );
  return entries.map((entry) => {
    const { people, hasCommonPhone } = need(found.get(entry.id), "every entry is looked for");
    return { entry, decision: decideLink(hasCommonPhone ? { ...entry, phoneHash: null } : entry, people) };
  });
}

async function compare(tx: Tx, entries: readonly StoredEntry[]): Promise<LinkTally> {
  const run = { compared: entries.length, linked: 0, review: 0, unmatched: 0 };
  if (entries.length === 0) return run;
  const decided = await decisionsFor(tx, entries);
  await storeDecisions(
    tx,
    decided.map(({ entry, decision }) =>
      decision.state === "linked"
        ? { entry, state: "linked", link: { personId: decision.personId, how: decision.how, score: null } }
        : { entry, state: decision.state },
    ),
    { ahead: true },
  );
  await insertCandidates(
    tx,
    decided.flatMap(({ entry: { id, areaCode }, decision }) =>
      decision.state === "review" ? decision.candidates.map((row) => ({ ...row, entryId: id, areaCode })) : [],
    ),
  );
  for (const { decision } of decided) run[decision.state === "new" ? "unmatched" : decision.state] += 1;
  return run;
}

async function areaOfEntry(input: { id: number }, tx: Tx): Promise<string> {
  return (await entryOrNone(tx, input.id)).areaCode;
}

async function entryOrNone(tx: Tx, id: number): Promise<StoredEntry> {
  const entry = await lockEntry(tx, id);
  if (!entry) throw new ProblemError("record.notFound", { what: "entry" });
  return entry;
}

/** The review queue: each entry beside the people it may be; a personal read. */
export const listReview = useCase(
  { name: "people.review", permission: "people.link.read", kind: "read", personal: true },
  async (tx, query: ReviewQuery): Promise<Page<Review>> => {
    const page = await pageReview(tx, query);
    const candidates = await candidatesOf(
      tx,
      page.items.map((row) => row.id),
    );
    const items = page.items.map(
      ({ id, register, ref, name, birthDate, sex, address, areaCode: area, receivedAt }) => ({
        id,
        register,
        ref,
        name,
        birthDate,
        sex,
        address,
        areaCode: area,
        receivedAt,
        candidates: candidates
          .filter((row) => row.entryId === id)
          .map(({ entryId: _own, ...row }) => ({ ...row, likely: row.score >= defaultWeights.likelyFrom })),
      }),
    );
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    const count = items.length + candidates.length;
    await tx.audit({ action: "people.read", subjectType: "area", subjectId: areaCode, areaCode, count });
    return { items, next: page.next };
  },
);

/** Decides an entry by hand: the same as a candidate, none of them, or a person of its own. spec: PEOPLE-13 */
export const answerReview = useCase(
  { name: "people.answerReview", permission: "people.link.write", kind: "write", area: areaOfEntry },
  async (tx, input: LinkAnswer & { id: number }): Promise<{ state: string }> => {
    const entry = await entryOrNone(tx, input.id);
    if (entry.state === "linked") throw new ProblemError("state.notAllowed", { state: entry.state });
    if (input.answer === "other") {
      await storeDecisions(tx, [{ entry, state: "rejected" }], { ahead: true });
      return { state: "rejected" };
    }
    const own = input.answer === "newPerson";
    const score = own ? null : await scoreOfCandidate(tx, entry, input.personId);
    const personId = own ? await makePerson(tx, entry) : (input.personId ?? 0);
    const how = own ? "newPerson" : "byHand";
    await storeDecisions(tx, [{ entry, state: "linked", link: { personId, how, score } }], { ahead: true });
    await tx.emit({
      name: "people.entryLinked",
      areaCode: entry.areaCode,
      subjectType: "personEntry",
      subjectId: String(entry.id),
      data: { how },
    });
    return { state: "linked" };
  },
);

/** Only somebody whom the comparison found may be linked, so that a slip of the hand links no stranger. */
async function scoreOfCandidate(tx: Tx, entry: StoredEntry, personId: number | undefined): Promise<number> {
  const found = (await candidatesOf(tx, [entry.id])).find((row) => row.personId === personId);
  if (found) return found.score;
  throw new ProblemError("rule.refused", {
    rule: "PEOPLE-13",
    why: "the person is not among the candidates / 该人员不在候选之列",
  });
}

async function makePerson(tx: Tx, entry: StoredEntry): Promise<number> {
  const sealed = await sealedNumbers(tx, entry.id);
  const { secrets } = tx.services;
  const [id = 0] = await registerPeople(tx, {
    register: entry.register,
    people: [
      {
        ref: entry.ref,
        areaCode: entry.areaCode,
        name: entry.name,
        sex: entry.sex,
        ...(entry.birthDate === null ? {} : { birthDate: entry.birthDate }),
        ...(sealed?.idEnc && sealed.idKind ? { idKind: sealed.idKind, idNumber: secrets.open(sealed.idEnc) } : {}),
        ...(sealed?.phoneEnc ? { phone: secrets.open(sealed.phoneEnc) } : {}),
        ...(entry.address === null ? {} : { address: entry.address }),
      },
    ],
  });
  return id;
}

/** Takes a link back: the entry is in review again, the decision stays on record with who undid it and why. spec: PEOPLE-14 */
export const undoLink = useCase(
  { name: "people.undoLink", permission: "people.link.write", kind: "write", area: areaOfEntry },
  async (tx, input: { id: number; why: string }): Promise<{ state: string }> => {
    const entry = await entryOrNone(tx, input.id);
    if (entry.state !== "linked" || entry.personId === null)
      throw new ProblemError("state.notAllowed", { state: entry.state });
    await undoStanding(tx, entry, input.why);
    await storeDecisions(tx, [{ entry, state: "review" }], { ahead: true });
    // Who was linked by an exact key never stood in the queue: the reviewer needs the candidates now. spec: PEOPLE-19
    const found = (await isSpread(tx.sql, "person")) ? new Map<number, Found>() : await candidatesFor(tx, [entry.id]);
    const decision = decideLink({ ...entry, idHash: null, phoneHash: null }, found.get(entry.id)?.people ?? []);
    if (decision.state === "review")
      await insertCandidates(
        tx,
        decision.candidates.map((row) => ({ ...row, entryId: entry.id, areaCode: entry.areaCode })),
      );
    await tx.emit({
      name: "people.linkUndone",
      areaCode: entry.areaCode,
      subjectType: "personEntry",
      subjectId: String(entry.id),
      data: {},
    });
    return { state: "review" };
  },
);

/** Entries that came in, are linked or rejected, have waited too long for their review, and stand open. */
export async function registersTally(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  return tallyEntries(tx, addHours(tx.now, -reviewHoursMax));
}
