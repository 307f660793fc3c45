import type { Tx } from "#platform/context";
import { isSpread } from "#platform/spread";
import { clearArrivals, entriesOfPeople, lockVillagesOf, takeArrivals } from "./arrivals.store.ts";
import type { IdRange } from "./arrivals.rules.ts";
import { insertCandidates } from "./candidates.store.ts";
import { entriesByNo } from "./entries.store.ts";
import { decisionsFor } from "./linkage.service.ts";
import { storeDecisions, undonePairs, type Decided } from "./links.store.ts";
import { tryArrivals } from "./waiting.store.ts";

/** People who register later: an entry that nobody fitted may be theirs. */

/** A duty's share; the rest waits for the next one. */
const peopleMax = 20_000;
const entriesAtOnce = 500;

/**
 * Compares the people who came since the last time with the open entries. An entry is linked to one of them by the same exact
 * keys as ever, or shown to a reviewer; nobody who was there before is linked here, because a person may have said no.
 * Returns how many entries were looked at. Where the people are spread they wait on the list. spec: PEOPLE-17, PEOPLE-19
 */
export async function compareArrivals(tx: Tx): Promise<number> {
  if (!(await tryArrivals(tx.sql)) || (await clearArrivals(tx)) || (await isSpread(tx.sql, "person"))) return 0;
  const ranges = await takeArrivals(tx, peopleMax);
  if (ranges.length === 0) return 0;
  const found = await entriesOfPeople(tx, ranges);
  await lockVillagesOf(tx, found);
  for (let at = 0; at < found.length; at += entriesAtOnce)
    await compareAgain(tx, found.slice(at, at + entriesAtOnce), ranges);
  return found.length;
}

async function compareAgain(tx: Tx, ids: readonly number[], arrived: readonly IdRange[]): Promise<void> {
  const entries = (await entriesByNo(tx, ids)).filter(({ state }) => state === "new" || state === "review");
  const undone = await undonePairs(tx, ids);
  const mayLink = (entry: number, person: number): boolean =>
    arrived.some(({ firstId, lastId }) => person >= firstId && person <= lastId) && !undone.has(`${entry} ${person}`);
  const decided: Decided[] = [];
  const shown: Parameters<typeof insertCandidates>[1][number][] = [];
  for (const { entry, decision } of await decisionsFor(tx, entries)) {
    if (decision.state === "linked" && mayLink(entry.id, decision.personId))
      decided.push({ entry, state: "linked", link: { personId: decision.personId, how: decision.how, score: null } });
    if (decision.state !== "review") continue;
    if (entry.state === "new") decided.push({ entry, state: "review" });
    for (const row of decision.candidates) shown.push({ ...row, entryId: entry.id, areaCode: entry.areaCode });
  }
  await storeDecisions(tx, decided, { ahead: false });
  await insertCandidates(tx, shown);
}
