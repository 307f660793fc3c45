import type { Tx } from "#platform/context";

/** A tube as a search shows it. */
export interface TubeFound {
  readonly id: string;
  readonly barcode: string;
  readonly areaCode: string;
  readonly state: string;
}

/** The tube of a barcode, typed whole: a part of one would walk through millions. */
export async function tubeByBarcode(tx: Tx, barcode: string): Promise<TubeFound | undefined> {
  return tx.sql.maybe<TubeFound>(
    `select id::text as id, barcode, area_code as "areaCode", coalesce(result, state) as state from tube where barcode = $1`,
    [barcode],
  );
}
