import { areaNames } from "#modules/areas";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";

/** A page of rows with the names of their areas; the code where an area is unknown. */
export async function withAreaNames<R extends { readonly areaCode: string }>(
  tx: Tx,
  page: Page<R>,
): Promise<Page<R & { areaName: string }>> {
  const names = await areaNames(
    tx,
    page.items.map((row) => row.areaCode),
  );
  return {
    next: page.next,
    items: page.items.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? row.areaCode })),
  };
}
