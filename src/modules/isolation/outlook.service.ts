import { addHours } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { siteKinds, type CapacityRow, type SiteKind } from "./isolation.model.ts";
import type { Outlook } from "./life.model.ts";
import { netByCounty, sitesInHand, type InHand } from "./life.store.ts";
import { outlookOf } from "./outlook.rules.ts";
import { capacityRows } from "./sites.store.ts";

/** When rooms run out, by county and for the whole area, with and without what is being converted. */

const forecastDays = 3;

interface Rows {
  readonly counters: readonly CapacityRow[];
  readonly planned: readonly InHand[];
  readonly net: readonly { areaCode: string; kind: SiteKind; net: number }[];
}

function addUp(rows: readonly CapacityRow[]) {
  if (rows.length === 0) return null;
  const sum = (pick: (row: CapacityRow) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return {
    rooms: sum((row) => row.rooms),
    roomsFree: sum((row) => row.roomsFree),
    free: sum((row) => row.free),
    inUse: sum((row) => row.inUse),
    reserved: sum((row) => row.reserved),
  };
}

function part(rows: Rows, areaCode: string, kind: SiteKind, within: (code: string) => boolean) {
  return {
    areaCode,
    kind,
    counters: addUp(rows.counters.filter((row) => row.kind === kind && within(row.key))),
    planned: rows.planned.filter((row) => row.kind === kind && within(row.areaCode)),
    netPeople: rows.net
      .filter((row) => row.kind === kind && within(row.areaCode))
      .reduce((sum, row) => sum + row.net, 0),
    days: forecastDays,
  };
}

/** The same for other modules, inside their transaction: the whole area first, then its counties. */
export async function outlookIn(tx: Tx, areaCode: string): Promise<Outlook[]> {
  const rows: Rows = {
    counters: await capacityRows(tx, areaCode, "county"),
    planned: await sitesInHand(tx, areaCode),
    net: await netByCounty(tx, areaCode, addHours(tx.now, -24 * forecastDays)),
  };
  const orderAtDaysLeft = (await findCurrentOutbreak(tx))?.protocol.isolation?.orderAtDaysLeft ?? null;
  const counties = [...new Set([...rows.counters.map((row) => row.key), ...rows.planned.map((row) => row.areaCode)])];
  const places = [
    { code: areaCode, within: () => true },
    ...counties.toSorted().map((code) => ({ code, within: (other: string) => other === code })),
  ];
  return places.flatMap(({ code, within }) =>
    siteKinds.flatMap((kind) => {
      const facts = part(rows, code, kind, within);
      if (facts.counters === null && facts.planned.length === 0) return [];
      return [outlookOf({ ...facts, orderAtDaysLeft }, tx.now)];
    }),
  );
}

export const outlook = useCase(
  {
    name: "isolation.outlook",
    permission: "isolation.read",
    kind: "read",
    area: (input: { areaCode?: string }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<{ items: Outlook[] }> => ({
    items: await outlookIn(tx, input.areaCode ?? tx.actor.areaCode),
  }),
);
