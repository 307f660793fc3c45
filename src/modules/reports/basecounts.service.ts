import { addHours } from "#kernel/time";
import { areasBelow, type Area } from "#modules/areas";
import { countByPrefix, entriesByPrefix } from "#modules/people";
import { villageRounds } from "#modules/screening";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { BaseCount, BaseCountQuery, BaseLevel } from "./basecounts.model.ts";
import { baseGaps, type RoundSeen } from "./basecounts.rules.ts";

const digitsOf: Readonly<Record<BaseLevel, number>> = { county: 6, town: 9, village: 12 };
const roundDaysBack = 30;

/** The base register of counties, towns or villages beside what their last round saw. spec: REP-BASE */
export const baseCounts = useCase(
  {
    name: "reports.baseCounts",
    permission: "reports.base.read",
    kind: "read",
    replica: true,
    area: (query: BaseCountQuery, tx) => query.areaCode ?? tx.actor.areaCode,
  },
  async (tx, query): Promise<Page<BaseCount>> => {
    const limit = pageSize(query.limit);
    const after = cursorKey(query.cursor, 1);
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    const areas = (await areasBelow(tx, areaCode, query.level))
      .filter((area) => after === null || area.code > String(after[0]))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
      .slice(0, limit + 1);
    const page = pageOf(areas, limit, (area) => [area.code]);
    return { items: await countsOf(tx, query.level, areaCode, page.items), next: page.next };
  },
);

async function countsOf(tx: Tx, level: BaseLevel, areaCode: string, areas: readonly Area[]): Promise<BaseCount[]> {
  const digits = digitsOf[level];
  const people = new Map((await countByPrefix(tx, areaCode, digits)).map((row) => [row.areaCode, row.people]));
  const entries = new Map((await entriesByPrefix(tx, areaCode, digits)).map((row) => [row.areaCode, row]));
  const last = await lastRounds(
    tx,
    areas.map((area) => area.code),
  );
  return areas.map((area) => {
    const registered = people.get(area.code) ?? 0;
    return {
      areaCode: area.code,
      areaName: tx.lang === "en" ? area.nameEn : area.name,
      population: area.population,
      registered,
      entries: entries.get(area.code)?.entries ?? 0,
      unlinked: entries.get(area.code)?.unlinked ?? 0,
      ...baseGaps(registered, last.get(area.code)),
    };
  });
}

/** The newest area round of each area in the last weeks. */
async function lastRounds(tx: Tx, codes: readonly string[]): Promise<Map<string, RoundSeen>> {
  const rounds = await villageRounds(tx, codes, addHours(tx.now, -24 * roundDaysBack), addHours(tx.now, 1));
  // They come oldest first, so the newest stays.
  return new Map(rounds.map((row) => [row.unitCode, row]));
}
