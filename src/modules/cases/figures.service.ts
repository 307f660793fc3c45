import { areaNames } from "#modules/areas";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { ProblemError } from "#kernel/errors";
import { minutesBetween } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { CaseQuery, CaseRow, CaseTotals, Curve, Delay, DelayQuery } from "./cases.model.ts";
import { pageCases } from "./cases.store.ts";
import { curveDays, curveRows, delayRow, totalsRow, type FigureScope } from "./figures.store.ts";
import type { HeldMember, PositiveTube, PositiveTubeQuery, PositiveTubeRow, TubeClock } from "./tubes.model.ts";
import { pageTubes, tubeMembers, tubeRow } from "./tubes.store.ts";

/** What people look at: lists, one positive tube, the curve, delays. */

const read = "cases.case.read";

/** Puts the areas' names into the rows, in the reader's language. */
async function named<T extends { areaCode: string; areaName: string | null }>(
  tx: Tx,
  rows: readonly T[],
): Promise<T[]> {
  const names = await areaNames(tx, [...new Set(rows.map((row) => row.areaCode))]);
  return rows.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? null }));
}

async function namedPage<T extends { areaCode: string; areaName: string | null }>(
  tx: Tx,
  page: Page<T>,
): Promise<Page<T>> {
  return { ...page, items: await named(tx, page.items) };
}

function areaOfQuery(input: { areaCode?: string }, tx: Tx): string {
  return input.areaCode ?? tx.actor.areaCode;
}

/** Cases of an area, newest first; nobody is named. */
export const listCases = useCase(
  { name: "cases.list", permission: read, kind: "read", area: areaOfQuery },
  async (tx, query: CaseQuery): Promise<Page<CaseRow>> => namedPage(tx, await pageCases(tx, query)),
);

/** Positive tubes of an area, newest first. */
export const listPositiveTubes = useCase(
  { name: "cases.positiveTubes", permission: read, kind: "read", area: areaOfQuery },
  async (tx, query: PositiveTubeQuery): Promise<Page<PositiveTubeRow>> => namedPage(tx, await pageTubes(tx, query)),
);

/** 王小明 → 王**; a name of another script keeps its first letter. */
export function maskedName(name: string): string {
  const first = Array.from(name)[0];
  return first === undefined ? "" : `${first}**`;
}

/** One positive tube: its masked members with holds and re-checks, and its clocks; each look is in the audit. */
export const positiveTube = useCase(
  { name: "cases.positiveTube", permission: read, kind: "read" },
  async (tx, input: { tubeId: number }): Promise<PositiveTube> => {
    const row = await tubeRow(tx, input.tubeId);
    if (!row) throw new ProblemError("record.notFound", { what: "positive tube" });
    const outbreak = await currentOutbreak(tx);
    const members = await named(tx, await tubeMembers(tx, row.id));
    const cards = new Map(
      (
        await personCards(
          tx,
          members.map((member) => member.personId),
        )
      ).map((card) => [card.id, card]),
    );
    await tx.audit({
      action: "cases.positiveTube.read",
      subjectType: "tube",
      subjectId: String(row.id),
      areaCode: row.areaCode,
      count: members.length,
    });
    const masked = members.map((member): HeldMember => {
      const card = cards.get(member.personId);
      return { ...member, personName: card ? maskedName(card.name) : null };
    });
    const [tube] = await named(tx, [row]);
    return { tube: tube ?? row, members: masked, clocks: tubeClocks(outbreak, row, members, tx.now) };
  },
);

function tubeClocks(
  outbreak: Outbreak,
  tube: PositiveTubeRow,
  members: readonly HeldMember[],
  now: string,
): TubeClock[] {
  const rule = outbreak.protocol.clocks.recheck;
  const lastLifted = members.every((member) => member.liftedAt !== null)
    ? members
        .map((m) => m.liftedAt ?? "")
        .toSorted()
        .at(-1)
    : undefined;
  const clock = (arrow: string, ruleId: string, endAt: string | null, targetMin: number | null): TubeClock => ({
    arrow,
    ruleId,
    minutes: minutesBetween(tube.resultedAt, endAt ?? now),
    targetMin,
    done: endAt !== null,
  });
  return [
    clock("resultToHold", "NAT-POS", tube.heldAt, 0),
    clock("positiveToRecheck", rule?.rule ?? "", tube.settledAt, rule?.minutes ?? null),
    clock("resultToLift", "NAT-POS", lastLifted ?? null, null),
  ];
}

async function scopeOf(tx: Tx, areaCode: string | undefined): Promise<FigureScope & { outbreak: Outbreak }> {
  const outbreak = await currentOutbreak(tx);
  return { outbreak, outbreakId: outbreak.id, areaCode: areaCode ?? tx.actor.areaCode };
}

/** The epidemic curve of an area by report day and by sampling day, in the outbreak's time zone. */
export async function caseCurve(tx: Tx, areaCode?: string): Promise<Curve> {
  const scope = await scopeOf(tx, areaCode);
  return { days: curveDays(await curveRows(tx, scope, scope.outbreak.timeZone)) };
}

export const curve = useCase(
  { name: "cases.curve", permission: read, kind: "read", replica: true, area: areaOfQuery },
  (tx, input: { areaCode?: string }) => caseCurve(tx, input.areaCode),
);

/** Days between two moments of the cases that have both. */
export const delays = useCase(
  { name: "cases.delays", permission: read, kind: "read", replica: true, area: areaOfQuery },
  async (tx, input: DelayQuery): Promise<Delay> =>
    delayRow(tx, await scopeOf(tx, input.areaCode), input.from, input.to),
);

/** Counts for the live board. */
export async function caseTotals(tx: Tx, areaCode?: string): Promise<CaseTotals> {
  return totalsRow(tx, await scopeOf(tx, areaCode));
}
