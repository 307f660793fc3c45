import type { Tx } from "#platform/context";

/** A team as a search shows it. */
export interface TeamFound {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly kind: string;
}

/** Any name that holds the text, whatever its case. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Teams whose name holds the text, or of this code. */
export async function teamsNamed(tx: Tx, text: string, limit: number): Promise<TeamFound[]> {
  return tx.sql.many<TeamFound>(
    `select id, name, area_code as "areaCode", kind from team
     where state = 'open' and (name ilike $1 or code = $2)
     order by length(name), code limit $3`,
    [holding(text), text, limit],
  );
}
