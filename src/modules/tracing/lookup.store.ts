import type { Tx } from "#platform/context";

/** The contacts that these people are in an outbreak, excluded ones left out. */
export async function contactsOfPersons(
  tx: Tx,
  outbreakId: string,
  personIds: readonly number[],
): Promise<{ readonly id: string; readonly personId: number }[]> {
  return tx.sql.many(
    `select id, person_id as "personId" from contact
     where outbreak_id = $1 and person_id = any($2::bigint[]) and state <> 'excluded' order by person_id, id`,
    [outbreakId, personIds],
  );
}
