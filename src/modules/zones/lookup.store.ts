import type { Tx } from "#platform/context";

/** A zone as a search shows it; its kind is its level. */
export interface ZoneFound {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly kind: string;
}

/** Any name that holds the text, whatever its case. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Zones proposed or in force whose name holds the text. */
export async function zonesNamed(tx: Tx, text: string, limit: number): Promise<ZoneFound[]> {
  return tx.sql.many<ZoneFound>(
    `select id, case when $2 = 'en' then name_en else name end as name, area_code as "areaCode", level as kind from zone
     where state in ('proposed', 'published') and (name ilike $1 or name_en ilike $1)
     order by length(name), id limit $3`,
    [holding(text), tx.lang, limit],
  );
}
