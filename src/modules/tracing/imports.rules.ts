import { chooseInfector, readField, type LinkCandidate, type Row, type RowError } from "#domain/cases";
import { settings, type Setting } from "#domain/outbreaks";
import type { ContactMapping } from "./imports.model.ts";

/** Reading who met whom from a foreign list. */

export interface ForeignLink {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  readonly setting: Setting;
  readonly overlapMinutes: number;
  readonly gapMinutes: number;
}

/** Every fault of one row, or the link it holds. */
export function readLink(
  mapping: ContactMapping,
  row: Row,
  line: number,
): { readonly link: ForeignLink } | { readonly errors: RowError[] } {
  // spec: TRACE-13
  const errors: RowError[] = [];
  const get = (field: keyof ContactMapping["fields"]): string => {
    const read = readField(mapping.fields[field], row);
    if (!read.ok) errors.push({ line, field, message: read.message });
    else if (read.value === null) errors.push({ line, field, message: "is empty but needed" });
    return (read.ok ? read.value : null) ?? "";
  };
  const minutes = (field: "overlapMinutes" | "gapMinutes"): number => {
    const text = get(field);
    const value = Number(text);
    if (text !== "" && !(Number.isInteger(value) && value >= 0))
      errors.push({ line, field, message: "must be whole minutes" });
    return value;
  };
  const setting = get("setting");
  if (setting !== "" && !(settings as readonly string[]).includes(setting))
    errors.push({ line, field: "setting", message: `must be one of ${settings.join(", ")}` });
  const link = {
    line,
    from: get("from"),
    to: get("to"),
    relation: get("relation"),
    setting: setting as Setting,
    overlapMinutes: minutes("overlapMinutes"),
    gapMinutes: minutes("gapMinutes"),
  };
  if (errors.length === 0 && link.from === link.to) errors.push({ line, field: "to", message: "is the same as from" });
  return errors.length > 0 ? { errors } : { link };
}

/** The infector of each infectee whom the list names possible infectors for. spec: CASE-14 */
export function infectorsOf(
  links: readonly { readonly from: string; readonly to: string }[],
  cases: ReadonlyMap<string, LinkCandidate>,
): Map<string, string> {
  const named = new Set(links.map((link) => `${link.from} ${link.to}`));
  const candidates = new Map<string, LinkCandidate[]>();
  for (const link of links) {
    const infector = cases.get(link.from);
    if (infector) candidates.set(link.to, [...(candidates.get(link.to) ?? []), infector]);
  }
  const chosen = new Map<string, string>();
  for (const [infecteeId, list] of candidates) {
    const infectee = cases.get(infecteeId);
    const infector =
      infectee && chooseInfector(infectee, list, (candidate) => named.has(`${infecteeId} ${candidate.id}`));
    if (infector) chosen.set(infecteeId, infector.id);
  }
  return withoutCircles(chosen, cases);
}

/** Takes away the last-born link of each circle that is left, so that every chain has a first case. */
function withoutCircles(chosen: Map<string, string>, cases: ReadonlyMap<string, LinkCandidate>): Map<string, string> {
  const ordered = [...chosen].toSorted(([a], [b]) => (cases.get(a)?.order ?? 0) - (cases.get(b)?.order ?? 0));
  const kept = new Map<string, string>();
  for (const [infectee, infector] of ordered) {
    let at: string | undefined = infector;
    while (at !== undefined && at !== infectee) at = kept.get(at);
    if (at === undefined) kept.set(infectee, infector);
  }
  return kept;
}
