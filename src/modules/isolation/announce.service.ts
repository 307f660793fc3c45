import { commonArea } from "#kernel/area";
import type { Outbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";

/** Emits one event for a batch of people; it belongs to the smallest area that holds them all. */
export async function announce(
  tx: Tx,
  outbreak: Outbreak,
  name: string,
  areaCodes: readonly string[],
  data: object,
): Promise<void> {
  if (areaCodes.length === 0) return;
  await tx.emit({
    name,
    outbreakId: outbreak.id,
    areaCode: commonArea(areaCodes),
    subjectType: "outbreak",
    subjectId: outbreak.id,
    data,
  });
}
