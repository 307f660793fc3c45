import { addHours } from "#kernel/time";
import { areasByCode } from "#modules/areas";
import { progressOf, sampledSince } from "#modules/screening";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type {
  DueReach,
  DueReachQuery,
  ReachQuery,
  Reachable,
  RecordOutreach,
  RegisterReachable,
  RowRefusal,
  TakenAnswer,
} from "./grid.model.ts";
import { outreachDue } from "./grid.rules.ts";
import { gridWork } from "./grids.service.ts";
import { lockReachable, pageReachable, putReachable, reachableIn, storeOutreach } from "./reach.store.ts";

/** Puts people without a door on the register; rows of unknown villages come back. spec: GRID-8 */
export async function takeReachable(tx: Tx, people: RegisterReachable["people"]): Promise<TakenAnswer> {
  const villages = await areasByCode(
    tx,
    people.map((person) => person.areaCode),
  );
  const refused: RowRefusal[] = [];
  const good = new Map<string, RegisterReachable["people"][number]>();
  for (const [row, person] of people.entries()) {
    if (villages.has(person.areaCode) && person.areaCode.startsWith(tx.actor.areaCode))
      good.set(`${person.areaCode} ${person.kind} ${person.called}`, person);
    else refused.push({ row, rule: "GRID-8", why: "no such village here / 本辖区没有该村" });
  }
  const fresh = good.size === 0 ? 0 : await putReachable(tx, [...good.values()]);
  return { taken: fresh, known: people.length - refused.length - fresh, refused };
}

export const registerReachable = useCase(
  { name: "grid.registerReachable", permission: "grid.reach.write", kind: "write" },
  (tx, input: RegisterReachable) => takeReachable(tx, input.people),
);

export const recordOutreach = useCase(
  { name: "grid.recordOutreach", permission: "grid.reach.write", kind: "write" },
  async (tx, input: RecordOutreach): Promise<TakenAnswer> => {
    const known = await lockReachable(
      tx,
      input.meetings.map((meeting) => meeting.id),
    );
    const refused: RowRefusal[] = [];
    const good = input.meetings.flatMap((meeting, row) => {
      const person = known.get(meeting.id);
      if (person && meeting.at <= tx.now) return { ...meeting, areaCode: person.areaCode };
      refused.push({ row, rule: "GRID-8", why: "nobody of this register, or not yet / 无此人或时间有误" });
      return [];
    });
    const taken = good.length === 0 ? 0 : await storeOutreach(tx, good);
    return { taken, known: good.length - taken, refused };
  },
);

const duePeopleMax = 5_000;

/** Who without a door must be looked for now, with the reason. spec: GRID-8 */
export async function dueIn(tx: Tx, query: DueReachQuery): Promise<DueReach["items"]> {
  const { grid } = await gridWork(tx);
  const people = await reachableIn(tx, query.areaCode ?? tx.actor.areaCode, duePeopleMax);
  const roundOpenedAt = query.roundId === undefined ? null : (await progressOf(tx, query.roundId)).openedAt;
  const ids = people.flatMap((person) => person.personId ?? []);
  const sampled = roundOpenedAt === null || ids.length === 0 ? null : await sampledSince(tx, ids, roundOpenedAt);
  const metSince = addHours(tx.now, -grid.outreach.everyHours);
  return people.flatMap((person) => {
    const facts = { ...person, sampled: person.personId !== null && sampled?.has(person.personId) === true };
    const why = outreachDue(facts, { roundOpenedAt, metSince });
    return why === null ? [] : { ...person, why };
  });
}

/** The same by name, for those who go out; asks for a reason. */
export const dueReachable = useCase(
  { name: "grid.dueReachable", permission: "grid.reach.read", kind: "read", personal: true },
  async (tx, query: DueReachQuery): Promise<DueReach> => ({ items: await dueIn(tx, query) }),
);

export const listReachable = useCase(
  { name: "grid.reachable", permission: "grid.reach.read", kind: "read", personal: true },
  (tx, query: ReachQuery): Promise<Page<Reachable>> => pageReachable(tx, query),
);
