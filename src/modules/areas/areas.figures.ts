import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";

/** What a report or a board shows of an area. */
export interface AreaCard {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
}

const card = `code, name, name_en as "nameEn", lat, lon`;

/** The cards of areas by code; a code without an area is left out. */
export async function areaCards(tx: Tx, codes: readonly string[]): Promise<Map<string, AreaCard>> {
  const rows = await tx.sql.many<AreaCard>(`select ${card} from area where code = any($1::text[])`, [codes]);
  return new Map(rows.map((row) => [row.code, row]));
}

/** The counties of an area (the area itself when it is one, the one above when it is smaller), by code. */
export async function countiesOf(tx: Tx, areaCode: string): Promise<AreaCard[]> {
  const { lo, hi } = areaRange(areaCode.slice(0, 6));
  return tx.sql.many<AreaCard>(
    `select ${card} from area where level = 'county' and code >= $1 and code < $2 order by code`,
    [lo, hi],
  );
}
