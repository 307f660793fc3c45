import { areaRange, isWithin } from "#kernel/area";
import { need as needed } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { hourMs, instantOf, parseInstant } from "#kernel/time";
import type { ForceRules } from "#domain/outbreaks";
import { currentOutbreak } from "#modules/outbreaks";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { Assigned, NeedQuery, NeedRow, NewNeed } from "./duty.model.ts";
import {
  addFilled,
  candidatesFor,
  closePast,
  endNeed,
  insertNeeds,
  lockNeed,
  lockOpenNeeds,
  needIds,
  pageNeeds,
  type LockedNeed,
  type Search,
} from "./needs.store.ts";
import { insertShifts, shiftsNear, type NewShift } from "./shifts.store.ts";
import {
  defaultForceRules,
  fillNeeds,
  ringsOf,
  spanOf,
  type Assignment,
  type Candidate,
  type OpenNeed,
  type Span,
} from "./teams.rules.ts";

const subjectType = "teamNeed";
const needsPerCallMax = 500;
const ringCountMax = 6;
/** More candidates than places are looked at, since the week's limit refuses some. */
const spareShare = 1.25;
const spareCount = 10;
const weekMs = 7 * 24 * hourMs;

function checkNeed(need: NewNeed, rules: ForceRules): void {
  const span = spanOf(need.from, need.to);
  const why =
    span.to <= span.from
      ? "it ends before it begins / 结束时间早于开始时间"
      : `a shift is at most ${rules.shiftHoursMax} h / 单班不超过 ${rules.shiftHoursMax} 小时`;
  // spec: TEAM-6
  if (span.to <= span.from || span.to - span.from > rules.shiftHoursMax * hourMs)
    throw new ProblemError("rule.refused", { rule: "TEAM-6", why });
}

/** Opens needs in a caller's transaction: each is a task of the command until it is full. Trusts its caller for the areas. */
export async function openNeedsFor(tx: Tx, needs: readonly NewNeed[]): Promise<{ code: string; id: string }[]> {
  const outbreak = await currentOutbreak(tx);
  const rules = outbreak.protocol.teams ?? defaultForceRules;
  for (const need of needs) checkNeed(need, rules);
  const plain = needs.map((need) => ({ ...need, from: parseInstant(need.from), to: parseInstant(need.to) }));
  const added = await insertNeeds(tx, outbreak.id, plain);
  await createTasks(
    tx,
    added.map((need) => ({
      outbreakId: outbreak.id,
      kind: "fillNeed",
      areaCode: need.areaCode,
      ownerTeam: "command" as const,
      subjectType,
      subjectId: need.id,
      dueAt: need.from,
    })),
  );
  const ids = await needIds(
    tx,
    outbreak.id,
    needs.map((need) => need.code),
  );
  return needs.flatMap(({ code }) => {
    const id = ids.get(code);
    return id === undefined ? [] : [{ code, id }];
  });
}

/** Says where how many people are needed and when; the same code again is the same need. */
export const openNeeds = useCase(
  { name: "teams.openNeeds", permission: "teams.shift.write", kind: "write" },
  async (tx, input: { needs: readonly NewNeed[] }): Promise<{ items: { code: string; id: string }[] }> => {
    if (input.needs.some((need) => !isWithin(need.areaCode, tx.actor.areaCode)))
      throw new ProblemError("auth.outsideJurisdiction");
    const items = await openNeedsFor(tx, input.needs);
    const areaCode = input.needs[0]?.areaCode ?? tx.actor.areaCode;
    const data = { needs: items.length };
    await tx.emit({ name: "teams.needsOpened", areaCode, subjectType, subjectId: items[0]?.id ?? "", data });
    return { items };
  },
);

/** Cancels a need and the shifts planned for it. */
export const cancelNeed = useCase(
  { name: "teams.cancelNeed", permission: "teams.shift.write", kind: "write" },
  async (tx, input: { id: string }): Promise<{ id: string }> => {
    const found = await lockNeed(tx, input.id);
    if (!found) throw new ProblemError("record.notFound", { what: "need" });
    if (found.state !== "open" && found.state !== "filled")
      throw new ProblemError("state.notAllowed", { state: found.state });
    await endNeed(tx, input.id);
    await cancelTasks(tx, { subjectType, subjectIds: [input.id] });
    await tx.emit({
      name: "teams.needCancelled",
      areaCode: found.areaCode,
      subjectType,
      subjectId: input.id,
      data: { filled: found.filled },
    });
    return { id: input.id };
  },
);

/** Needs of one place of search: the same ring, skill and time share their candidates. */
interface Group {
  readonly search: Search;
  readonly needs: OpenNeed[];
}

function groupsOf(needs: readonly OpenNeed[], ring: number, within: string): Group[] {
  const groups = new Map<string, { needs: OpenNeed[]; missing: number; area: string }>();
  for (const need of needs) {
    const area = ringsOf(need.areaCode, within)[ring];
    if (area === undefined) continue;
    const key = `${area} ${need.skill ?? ""} ${need.span.from} ${need.span.to}`;
    const group = groups.get(key) ?? { needs: [], missing: 0, area };
    group.needs.push(need);
    group.missing += need.missing;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ needs: own, missing, area }) => {
    const first = needed(own[0], "a group has a need");
    const count = Math.ceil(missing * spareShare) + spareCount;
    return { needs: own, search: { ...areaRange(area), skill: first.skill, span: first.span, count } };
  });
}

/** Adds the shifts of candidates who are looked at for the first time, from every area: rest is owed everywhere. */
async function learnShifts(
  tx: Tx,
  shifts: Map<number, Span[]>,
  candidates: readonly Candidate[],
  needs: readonly OpenNeed[],
): Promise<void> {
  const unknown = [...new Set(candidates.map((c) => c.memberId))].filter((id) => !shifts.has(id));
  const from = Math.min(...needs.map((need) => need.span.from)) - weekMs;
  const to = Math.max(...needs.map((need) => need.span.to)) + weekMs;
  const found = await shiftsNear(tx, unknown, instantOf(from), instantOf(to));
  for (const id of unknown) shifts.set(id, found.get(id) ?? []);
}

async function choose(tx: Tx, open: readonly LockedNeed[], rules: ForceRules): Promise<Assignment[]> {
  let left: OpenNeed[] = open.map((need) => ({
    id: need.id,
    areaCode: need.areaCode,
    skill: need.skill,
    missing: need.people - need.filled,
    span: spanOf(need.from, need.to),
  }));
  const shifts = new Map<number, Span[]>();
  const chosen: Assignment[] = [];
  // spec: TEAM-9: the place itself, then its town, county and city.
  for (let ring = 0; ring < ringCountMax && left.length > 0; ring++) {
    const groups = groupsOf(left, ring, tx.actor.areaCode);
    if (groups.length === 0) break;
    const taken = [...new Set(chosen.map((a) => a.memberId))];
    const searches = groups.map((group) => group.search);
    const found = await candidatesFor(tx, searches, taken, rules.restHoursMin * hourMs);
    await learnShifts(tx, shifts, found.flat(), left);
    for (const [i, group] of groups.entries()) chosen.push(...fillNeeds(group.needs, found[i] ?? [], shifts, rules));
    const got = countBy(chosen);
    left = open
      .map((need, i) => ({ need, own: left.find((l) => l.id === need.id), i }))
      .flatMap(({ need, own }) => {
        const missing = need.people - need.filled - (got.get(need.id) ?? 0);
        return own && missing > 0 ? [{ ...own, missing }] : [];
      });
  }
  return chosen;
}

function countBy(assignments: readonly { readonly needId: string | null }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { needId } of assignments) if (needId !== null) counts.set(needId, (counts.get(needId) ?? 0) + 1);
  return counts;
}

/** Fills the open needs of an area, or the named ones, from the people who are up, within the rest limits. */
export const assignByNeed = useCase(
  {
    name: "teams.assignByNeed",
    permission: "teams.shift.write",
    kind: "write",
    area: (input: { areaCode?: string; needIds?: readonly string[] }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<Assigned> => {
    const outbreak = await currentOutbreak(tx);
    const rules = outbreak.protocol.teams ?? defaultForceRules;
    const areaCode = input.areaCode ?? tx.actor.areaCode;
    const open = await lockOpenNeeds(tx, areaCode, input.needIds ?? null, needsPerCallMax);
    const chosen = await choose(tx, open, rules);
    const byId = new Map(open.map((need) => [need.id, need]));
    const rows = chosen.map(({ needId, memberId }): NewShift => {
      const need = needed(byId.get(needId), "an assignment is for an open need");
      const { targetType, targetId, from, to } = need;
      return { areaCode: need.areaCode, memberId, needId, targetType, targetId, from, to };
    });
    // Somebody may have been put on another shift meanwhile: the database leaves that row out, and it is not counted.
    const found = countBy(await insertShifts(tx, rows));
    const full = await addFilled(tx, found);
    const evidence = { note: "every place is filled" };
    await completeTasks(tx, { subjectType, subjectIds: full, evidence });
    if (open.length > 0)
      await tx.emit({
        name: "teams.assigned",
        outbreakId: outbreak.id,
        areaCode,
        subjectType,
        subjectId: open[0]?.id ?? "",
        data: { needs: open.length, filled: full.length, people: rows.length },
      });
    return {
      needs: open.map((need) => {
        const own = found.get(need.id) ?? 0;
        return { needId: need.id, code: need.code, found: own, missing: need.people - need.filled - own };
      }),
    };
  },
);

/** Closes needs whose time is over; a task that was never done goes with its reason. Run by the clock. */
export async function closePastNeeds(tx: Tx): Promise<void> {
  const unfilled = await closePast(tx);
  for (let at = 0; at < unfilled.length; at += bulkItemsMax)
    await cancelTasks(tx, { subjectType, subjectIds: unfilled.slice(at, at + bulkItemsMax) });
}

export const listNeeds = useCase(
  { name: "teams.listNeeds", permission: "teams.shift.read", kind: "read" },
  (tx, query: NeedQuery): Promise<Page<NeedRow>> => pageNeeds(tx, query),
);
