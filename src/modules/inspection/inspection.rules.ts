import { escalationLevel } from "#domain/tasks";
import { ok, refuse, type Result } from "#kernel/result";
import { addHours, addMinutes, minutesBetween, type Instant } from "#kernel/time";
import { placeTypes, type Checklist, type ChecklistItem, type PlaceType } from "./checklist.model.ts";
import {
  photoBytesMax,
  type AccountRow,
  type Answer,
  type CoverageRow,
  type FindingState,
} from "./inspection.model.ts";

/** The items of a list that were answered with no, or why the answers do not fit the list. spec: INS-3 */
export function faultsIn(
  list: Checklist,
  answers: readonly Answer[],
): Result<readonly { readonly item: ChecklistItem; readonly note: string | null }[]> {
  const given = new Map(answers.map((answer) => [answer.item, answer]));
  if (given.size !== answers.length)
    return refuse("rule.refused", { rule: "INS-3", why: "an item stands twice / 检查项重复" });
  const unknown = answers.find((answer) => !list.items.some((item) => item.id === answer.item));
  if (unknown)
    return refuse("rule.refused", { rule: "INS-3", why: `${list.id} ${list.version} has no item ${unknown.item}` });
  const missing = list.items.find((item) => !given.has(item.id));
  if (missing)
    return refuse("rule.refused", { rule: "INS-3", why: `${list.id} ${list.version}: ${missing.id} is not answered` });
  return ok(
    list.items.flatMap((item) => {
      const answer = given.get(item.id);
      return answer?.answer === "no" ? [{ item, note: answer.note ?? null }] : [];
    }),
  );
}

/** The share of the weights that were met, 0 to 100; null when nothing applied. spec: INS-3 */
export function scoreOf(list: Checklist, answers: readonly Answer[]): number | null {
  const given = new Map(answers.map((answer) => [answer.item, answer.answer]));
  let met = 0;
  let all = 0;
  for (const item of list.items) {
    const answer = given.get(item.id);
    if (answer !== "yes" && answer !== "no") continue;
    all += item.weight;
    if (answer === "yes") met += item.weight;
  }
  return all === 0 ? null : Math.round((100 * met) / all);
}

/** Was the venue's code at the door: what the list's own item says, or null where the list asks for none. */
export function codePosted(list: Checklist, answers: readonly Answer[]): boolean | null {
  const answer = answers.find(({ item }) => item === list.venueCodeItem)?.answer;
  return answer === "yes" ? true : answer === "no" ? false : null;
}

/** When a finding must be put right: within minutes on the spot, or by how grave it is. spec: INS-4 */
export function dueOf(
  list: Checklist,
  finding: { readonly severity: ChecklistItem["severity"]; readonly fixNow: boolean },
  foundAt: Instant,
): Instant {
  return finding.fixNow ? addMinutes(foundAt, list.fixNowMinutes) : addHours(foundAt, list.deadlines[finding.severity]);
}

export type FindingAction = "rectify" | "close" | "sendBack" | "reopen";

const allowed: Readonly<Record<FindingAction, readonly FindingState[]>> = {
  rectify: ["open", "sentBack", "escalated"],
  close: ["rectified"],
  sendBack: ["rectified"],
  reopen: ["closed"],
};
const leadsTo: Readonly<Record<FindingAction, FindingState>> = {
  rectify: "rectified",
  close: "closed",
  sendBack: "sentBack",
  reopen: "sentBack",
};

/** The state a finding goes to, or why the action is refused. */
export function nextFindingState(
  finding: { readonly state: FindingState; readonly fixedBy: string | null },
  action: FindingAction,
  actorId: string,
): Result<FindingState> {
  // spec: INS-5
  if (!allowed[action].includes(finding.state)) return refuse("state.notAllowed", { state: finding.state });
  // spec: INS-7 (I12): who put it right does not check it.
  if ((action === "close" || action === "sendBack") && finding.fixedBy === actorId)
    return refuse("rule.refused", { rule: "INS-7", why: "another person must re-check it / 须由他人复查" });
  return ok(leadsTo[action]);
}

/** When a finding was put right, or null while it is not (or was sent back): what its deadline is measured by. spec: INS-11 */
export function fixedAt(finding: { readonly state: FindingState; readonly fixedAt: string | null }): string | null {
  return allowed.rectify.includes(finding.state) ? null : finding.fixedAt;
}

/** How far up the area tree a finding is that nobody has put right; it climbs as its task does. spec: INS-8 */
export function findingEscalation(
  finding: { readonly state: FindingState; readonly dueAt: Instant },
  now: Instant,
  levelsMax: number,
): number {
  if (!allowed.rectify.includes(finding.state)) return 0;
  return escalationLevel(finding.dueAt, now, Math.max(1, levelsMax));
}

const signatures: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  "image/jpeg": [[0, "ffd8ff"]],
  "image/png": [[0, "89504e470d0a1a0a"]],
  "image/webp": [
    [0, "52494646"],
    [8, "57454250"],
  ],
};

/** What is wrong with a picture, by its size and its first bytes (as hex); null when it may be kept. spec: INS-6 */
export function photoFault(contentType: string, bytes: number, headHex: string): string | null {
  if (bytes > photoBytesMax) return "larger than 1 MB / 超过1MB";
  const good = signatures[contentType]?.every(([at, hex]) => headHex.startsWith(hex, at * 2)) ?? false;
  return good ? null : "not a picture of this kind / 不是该格式的图片";
}

/** How far a device's time may lie ahead of the server's clock. */
export const clockSkewMinutesMax = 10;

/** A photo of a repair is taken after the finding (or after it was sent back) and not in the future. spec: INS-6 */
export function isFreshPhoto(takenAt: Instant, since: Instant, now: Instant): boolean {
  return takenAt >= since && minutesBetween(now, takenAt) <= clockSkewMinutesMax;
}

/** Of the findings closed or past their deadline, the share closed in time. spec: INS-11 */
export function inTimeShare(row: Pick<AccountRow, "closed" | "closedInTime" | "late">): number | null {
  const closedLate = row.closed - row.closedInTime;
  const judged = row.closed + Math.max(0, row.late - closedLate);
  return judged === 0 ? null : row.closedInTime / judged;
}

/** Kinds of venue that inspection knows by another word. */
const venueKinds: Readonly<Record<string, PlaceType>> = { shop: "supermarket" };

/** The place type under which a kind of venue is counted, so that both registers speak of the same thing. */
export function placeTypeOfVenue(kind: string): PlaceType {
  return venueKinds[kind] ?? placeTypes.find((known) => known === kind) ?? "publicPlace";
}

/** What the venues' own register says of an area and kind. */
export interface VenueCount {
  readonly areaCode: string;
  readonly kind: string;
  readonly venues: number;
  readonly scanned: number;
}

/** What inspection says of an area and kind: registered places without a code, and those looked at. */
export interface PlaceCount {
  readonly areaCode: string;
  readonly kind: string;
  readonly withoutCode: number;
  readonly visited: number;
  readonly posted: number;
}

/** The standing check of venue codes: the two registers side by side, an area and kind a row. spec: INS-12 */
export function coverageRows(venues: readonly VenueCount[], places: readonly PlaceCount[]): CoverageRow[] {
  const rows = new Map<string, Omit<CoverageRow, "postedShare" | "codeShare">>();
  const add = (areaCode: string, kind: string, more: Partial<Omit<CoverageRow, "areaCode" | "kind">>): void => {
    const key = `${areaCode} ${kind}`;
    const row = rows.get(key) ?? { areaCode, kind, expected: 0, withCode: 0, scanned: 0, visited: 0, posted: 0 };
    rows.set(key, {
      areaCode,
      kind,
      expected: row.expected + (more.expected ?? 0),
      withCode: row.withCode + (more.withCode ?? 0),
      scanned: row.scanned + (more.scanned ?? 0),
      visited: row.visited + (more.visited ?? 0),
      posted: row.posted + (more.posted ?? 0),
    });
  };
  // Every venue of the register has a code; the places that want one stand only in the inspectors' list.
  for (const { areaCode, kind, venues: count, scanned } of venues)
    add(areaCode, placeTypeOfVenue(kind), { expected: count, withCode: count, scanned });
  for (const { areaCode, kind, withoutCode, visited, posted } of places)
    add(areaCode, kind, { expected: withoutCode, visited, posted });
  return [...rows.values()]
    .toSorted((a, b) => (a.areaCode + a.kind < b.areaCode + b.kind ? -1 : 1))
    .map((row) => ({
      ...row,
      postedShare: row.visited === 0 ? null : row.posted / row.visited,
      codeShare: row.expected === 0 ? null : row.withCode / row.expected,
    }));
}
