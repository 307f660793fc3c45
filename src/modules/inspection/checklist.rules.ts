import { Compile } from "typebox/compile";
import { Checklist, type PlaceType } from "./checklist.model.ts";

/** One fault of a checklist; the pointer is a JSON pointer into it. */
export interface ChecklistFault {
  readonly pointer: string;
  readonly message: string;
}

const checker = Compile(Checklist);
const faultsShownMax = 50;

/** Checks a value as a checklist: its shape, then what the shape cannot say. spec: INS-1 */
export function parseChecklist(
  value: unknown,
): { readonly ok: true; readonly value: Checklist } | { readonly ok: false; readonly faults: ChecklistFault[] } {
  if (!checker.Check(value)) {
    const faults = checker.Errors(value).slice(0, faultsShownMax);
    return { ok: false, faults: faults.map(({ instancePath, message }) => ({ pointer: instancePath, message })) };
  }
  const faults = checklistFaults(value);
  return faults.length === 0 ? { ok: true, value } : { ok: false, faults };
}

function checklistFaults(list: Checklist): ChecklistFault[] {
  const faults: ChecklistFault[] = [];
  const seen = new Set<string>();
  list.items.forEach((item, i) => {
    if (seen.has(item.id)) faults.push({ pointer: `/items/${i}/id`, message: `the item ${item.id} stands twice` });
    seen.add(item.id);
  });
  const { severe, serious, minor } = list.deadlines;
  if (severe > serious || serious > minor)
    faults.push({ pointer: "/deadlines", message: "what is graver may not have more time" });
  if (list.venueCodeItem !== null && !seen.has(list.venueCodeItem))
    faults.push({ pointer: "/venueCodeItem", message: `no item is named ${list.venueCodeItem}` });
  return faults;
}

function versionNumber(version: string): number {
  const [major = "0", minor = "0"] = version.split(".");
  return Number(major) * 100_000 + Number(minor);
}

/** The newest checklist for a kind of place, or undefined when none is written for it. */
export function newestFor(lists: readonly Checklist[], placeType: PlaceType): Checklist | undefined {
  return lists
    .filter((list) => list.placeType === placeType)
    .toSorted((a, b) => versionNumber(b.version) - versionNumber(a.version))[0];
}
