import { createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import {
  dueOf,
  findingTaskKind,
  type Checklist,
  type ChecklistItem,
  type Place,
  type RaisedFinding,
  type Severity,
} from "./domain.ts";
import { insertFindings, tieTasks, type StoredFinding } from "./findings.store.ts";
import type { OwnerTeam } from "#modules/tasks";

/** An item that was not met, with how grave the finder holds it to be. */
export interface FoundAt {
  readonly item: ChecklistItem;
  readonly note: string | null;
  readonly severity: Severity;
  readonly fixNow: boolean;
}

/** Where and when something was found. */
interface Occasion {
  readonly visitId: string | null;
  readonly teamCode: string;
  readonly place: Place;
  readonly at: string;
}

/** The finding that an item which was not met makes, with its deadline by the list. spec: INS-4 */
export function findingOf(tx: Tx, where: Occasion, list: Checklist, fault: FoundAt): StoredFinding {
  const { item, note, severity, fixNow } = fault;
  return {
    id: tx.newId(),
    areaCode: where.place.areaCode,
    visitId: where.visitId,
    teamCode: where.teamCode,
    placeType: where.place.placeType,
    placeId: where.place.code,
    placeName: where.place.name,
    checklistId: list.id,
    checklistVersion: list.version,
    item: item.id,
    text: item.text["zh-CN"],
    textEn: item.text.en,
    note,
    severity,
    fixNow,
    ownerTeam: item.owner,
    foundAt: where.at,
    dueAt: dueOf(list, { severity, fixNow }, where.at),
    repeatDays: list.repeatDays,
  };
}

/** Stores findings that are new and gives each its task for the owner, with a second check. spec: INS-4, INS-7 */
export async function raiseFindings(
  tx: Tx,
  outbreakId: string,
  rows: readonly StoredFinding[],
): Promise<RaisedFinding[]> {
  if (rows.length === 0) return [];
  const repeats = await insertFindings(tx, outbreakId, rows);
  const fresh = rows.filter((row) => repeats.has(row.id));
  const taskIds = await createTasks(
    tx,
    fresh.map((row) => ({
      outbreakId,
      kind: findingTaskKind,
      areaCode: row.areaCode,
      ownerTeam: row.ownerTeam as OwnerTeam,
      subjectType: "inspectionFinding",
      subjectId: row.id,
      params: { place: row.placeId, item: row.item, severity: row.severity },
      dueAt: row.dueAt,
      needsSecondCheck: true,
    })),
  );
  await tieTasks(
    tx,
    fresh.map((row) => row.id),
    taskIds,
  );
  return fresh.map((row) => ({
    id: row.id,
    placeId: row.placeId,
    item: row.item,
    severity: row.severity as Severity,
    fixNow: row.fixNow,
    ownerTeam: row.ownerTeam,
    areaCode: row.areaCode,
    dueAt: row.dueAt,
    repeats: repeats.get(row.id) ?? 0,
  }));
}
