import type { Tx } from "#platform/context";

/** The people whose identity or phone has one of these keyed hashes; a phone may be a family's. */
export async function idsByHashes(
  tx: Tx,
  identities: readonly Buffer[],
  phone: Buffer,
  limit: number,
): Promise<number[]> {
  const rows = await tx.sql.many<{ id: number }>(
    `select id from person where id_hash = any($1::bytea[])
     union select id from person where phone_hash = $2 order by id limit $3`,
    [identities, phone, limit],
  );
  return rows.map(({ id }) => id);
}
