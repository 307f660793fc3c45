import type { Tx } from "#platform/context";

/** A case as a search shows it: its name in the list of cases, never the person's. */
export interface CaseFound {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly state: string;
}

const numberedStates = ["confirmed", "asymptomatic"];

/** The cases of an outbreak with this number; each class counts for itself. */
export async function casesNumbered(tx: Tx, outbreakId: string, number: number): Promise<CaseFound[]> {
  return tx.sql.many<CaseFound>(
    `select id, case when $4 = 'en' then title_en else title_zh end as name, area_code as "areaCode", state from case_record
     where outbreak_id = $1 and state = any($2::text[]) and number = $3 order by state`,
    [outbreakId, numberedStates, number, tx.lang],
  );
}
