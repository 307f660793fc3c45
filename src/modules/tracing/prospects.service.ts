import { suspectTube, type SuspectTube } from "#modules/cases";
import { outbreakById, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { maskedName } from "#domain/people";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { meetingsOfPeople, type Met } from "./exposures.service.ts";
import type { TubeContact, TubeContacts, TubeContactsQuery } from "./prospects.model.ts";
import type { Judged } from "./tracing.model.ts";
import { compareJudged, exposureWindow, judge, strongestOf, type ExposureWindow } from "./tracing.rules.ts";
import { missing } from "./tracing.service.ts";

type JudgedMet = Met & Judged;

/** The window a member's meetings would count in, were the re-check to confirm them without symptoms. */
function suspectWindow(outbreak: Outbreak, tube: SuspectTube, now: string): ExposureWindow {
  const moments = { state: "asymptomatic", onsetAt: null, sampledAt: tube.collectedAt, positiveAt: tube.resultedAt };
  return exposureWindow(outbreak.protocol, { ...moments, controlAt: null }, outbreak.timeZone, now);
}

/** Each person met, by their strongest meeting with any suspect, in the protocol's order; suspects are held already. */
async function ranked(
  tx: Tx,
  outbreak: Outbreak,
  tube: SuspectTube,
  window: ExposureWindow,
): Promise<{ readonly rows: readonly JudgedMet[]; readonly met: ReadonlyMap<number, ReadonlySet<number>> }> {
  const suspects = new Set(tube.suspects);
  const subjects = { personIds: tube.suspects, span: window, positiveAt: tube.resultedAt };
  const found = (await meetingsOfPeople(tx, outbreak, subjects)).filter((row) => !suspects.has(row.personId));
  const judged = found.map((row) => judge(outbreak.protocol, row));
  const met = new Map<number, Set<number>>();
  for (const row of judged) {
    if (row.class === null) continue;
    const of = met.get(row.personId);
    if (of) of.add(row.of);
    else met.set(row.personId, new Set([row.of]));
  }
  return { rows: [...strongestOf(judged).values()].toSorted(compareJudged), met };
}

function shown(row: JudgedMet, card: { name: string; areaCode: string }, members: number): TubeContact {
  return {
    personId: row.personId,
    name: maskedName(card.name),
    areaCode: card.areaCode,
    class: need(row.class, "only meetings with a class are ranked"),
    ruleId: need(row.ruleId, "a criterion has a rule"),
    setting: row.setting,
    ofPersonId: row.of,
    members,
    place: row.source === "visit" ? (row.place ?? null) : null,
    overlapMinutes: Math.round(row.overlapMinutes),
    gapMinutes: Math.round(row.gapMinutes),
    lastAt: row.lastAt,
  };
}

/**
 * Whom the members of a positive tube would make contacts of, while the re-check runs: read from the registers in the
 * moment of asking, in the protocol's order, and kept nowhere. spec: TRACE-15
 */
export const tubeContacts = useCase(
  { name: "tracing.tubeContacts", permission: "tracing.track.read", kind: "read", personal: true },
  async (tx, input: TubeContactsQuery & { readonly tubeId: number }): Promise<TubeContacts> => {
    const tube = await suspectTube(tx, input.tubeId);
    if (!tube) throw missing("positive tube");
    const outbreak = await outbreakById(tx, tube.outbreakId);
    const window = suspectWindow(outbreak, tube, tx.now);
    const { rows, met } = await ranked(tx, outbreak, tube, window);
    const close = rows.filter((row) => row.class === "close").length;
    const wanted = input.class === undefined ? rows : rows.filter((row) => row.class === input.class);
    const limit = pageSize(input.limit);
    const after = Number(cursorKey(input.cursor, 1)?.[0] ?? 0);
    const part = wanted.slice(after, after + limit + 1).map((row, i) => ({ row, place: after + i + 1 }));
    const page = pageOf(part, limit, ({ place }) => [place]);
    const ids = page.items.map(({ row }) => row.personId);
    const cards = new Map((await personCards(tx, ids)).map((card) => [card.id, card]));
    const items = page.items.flatMap(({ row }) => {
      const card = cards.get(row.personId);
      return card ? [shown(row, card, met.get(row.personId)?.size ?? 0)] : [];
    });
    await tx.audit({
      action: "tracing.tubeContacts",
      subjectType: "tube",
      subjectId: String(input.tubeId),
      areaCode: tube.areaCode,
      count: items.length,
    });
    const { from, to } = window;
    return { from, to, suspects: tube.suspects.length, close, general: rows.length - close, items, next: page.next };
  },
);
