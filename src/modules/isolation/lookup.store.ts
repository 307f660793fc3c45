import type { Tx } from "#platform/context";

/** A place of isolation as a search shows it. */
export interface SiteFound {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly kind: string;
}

/** Any name that holds the text, whatever its case. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Hospitals, fangcang and quarantine sites whose name holds the text. */
export async function sitesNamed(tx: Tx, text: string, limit: number): Promise<SiteFound[]> {
  return tx.sql.many<SiteFound>(
    `select id, case when $2 = 'en' then name_en else name end as name, area_code as "areaCode", kind from isolation_site
     where name ilike $1 or name_en ilike $1
     order by length(name), no limit $3`,
    [holding(text), tx.lang, limit],
  );
}
