import type { Tx } from "#platform/context";

/** A checkpoint as a search shows it. */
export interface CheckpointFound {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly kind: string;
}

/** Any name that holds the text, whatever its case. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Checkpoints whose name or road holds the text, or of this code. */
export async function checkpointsNamed(tx: Tx, text: string, limit: number): Promise<CheckpointFound[]> {
  return tx.sql.many<CheckpointFound>(
    `select id, name, area_code as "areaCode", kind from inbound_checkpoint
     where name ilike $1 or road ilike $1 or code = $2
     order by length(name), code limit $3`,
    [holding(text), text, limit],
  );
}
