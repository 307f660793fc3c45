import { commonArea } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { PeopleRegistered } from "./people.model.ts";

/** Tells the modules above how many people became known in which village; nobody is named. */
export async function tellRegistered(tx: Tx, register: string, byVillage: ReadonlyMap<string, number>): Promise<void> {
  if (byVillage.size === 0) return;
  const villages = [...byVillage].map(([areaCode, people]) => ({ areaCode, people }));
  const data: PeopleRegistered = { villages: villages.toSorted((a, b) => (a.areaCode < b.areaCode ? -1 : 1)) };
  await tx.emit({
    name: "people.registered",
    areaCode: commonArea([...byVillage.keys()]),
    subjectType: "register",
    subjectId: register,
    data,
  });
}

/** Counts codes. */
export function tallyOf(codes: Iterable<string>): Map<string, number> {
  const tally = new Map<string, number>();
  for (const code of codes) tally.set(code, (tally.get(code) ?? 0) + 1);
  return tally;
}
