import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, dayOf } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { gradeStays, inboundRules, tellClassified } from "./arrivals.service.ts";
import { lockTouched, setGrades } from "./arrivals.store.ts";
import type { AreaListQuery } from "./control.model.ts";
import type { KeyRegion, SetKeyRegion } from "./inbound.model.ts";
import { stricter } from "./inbound.rules.ts";
import { pageRegions, upsertRegions } from "./regions.store.ts";

/**
 * Enters key regions (or a new level or end of one) and grades again everybody who has come from there within the
 * look-back; who is under a plan gets the stricter one. spec: INB-3
 */
export const setKeyRegions = useCase(
  { name: "inbound.setRegions", permission: "inbound.region.write", kind: "write" },
  (tx, input: { regions: readonly SetKeyRegion[] }) => storeRegions(tx, input.regions),
);

/** The same in a caller's transaction. */
export async function storeRegions(
  tx: Tx,
  regions: readonly SetKeyRegion[],
): Promise<{ stored: number; regraded: number }> {
  const outbreak = await currentOutbreak(tx);
  const rules = inboundRules(outbreak);
  for (const { fromDay, toDay } of regions)
    if (toDay !== null && toDay !== undefined && toDay < fromDay)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/regions", detail: "toDay lies before fromDay" }]);
  const stored = await upsertRegions(tx, outbreak.id, regions);
  const since = addDays(dayOf(tx.now, outbreak.timeZone), -rules.lookbackDays);
  const places = [...new Set(regions.map((region) => region.place))];
  const rows = await lockTouched(tx, places, since);
  const grades = await gradeStays(tx, outbreak, rows);
  const risen = rows.flatMap((row, i) => {
    const grade = need(grades[i], "each stay has its level");
    // A list taken back does not free anybody: the plan in force ends by its own rule.
    const rises = grade.level !== row.level && stricter(grade.level, row.level) === grade.level;
    return rises ? [{ ...row, ...grade }] : [];
  });
  await setGrades(tx, risen);
  await tellClassified(
    tx,
    outbreak,
    risen.flatMap((row) =>
      row.state === "classified" && row.personId !== null ? [{ ...row, personId: row.personId }] : [],
    ),
  );
  return { stored, regraded: risen.length };
}

/** The key regions by place and first day. */
export const listKeyRegions = useCase(
  { name: "inbound.regions", permission: "inbound.region.read", kind: "read" },
  async (tx, query: AreaListQuery): Promise<Page<KeyRegion>> => pageRegions(tx, (await currentOutbreak(tx)).id, query),
);
