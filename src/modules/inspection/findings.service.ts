import { createHash } from "node:crypto";
import { areaAncestors, areasByCode } from "#modules/areas";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { actOnTask } from "#modules/tasks";
import { venueUse } from "#modules/venues";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, addHours, dayOf, instantAt } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { checklistLibrary } from "./checklist.load.ts";
import {
  coverageRows,
  findingEscalation,
  findingTaskKind,
  inTimeShare,
  isFreshPhoto,
  nextFindingState,
  photoFault,
  type AccountRow,
  type AddPhoto,
  type AreaQuery,
  type CoverageRow,
  type FiguresQuery,
  type Finding,
  type FindingAction,
  type FindingDetail,
  type FindingQuery,
  type NewPhoto,
  type NewSanction,
  type PhotoStage,
  type ProblemsQuery,
  type Recheck,
  type Rectify,
  type Repeat,
  type Sanction,
} from "./domain.ts";
import {
  findFinding,
  hasPhotoSince,
  insertPhoto,
  insertSanction,
  lateFindings,
  lockFinding,
  lockFindingOfTask,
  markEscalated,
  noteFinding,
  pageFindings,
  pageSanctions,
  photoBytes,
  photosOf,
  problemsOf,
  updateFinding,
} from "./findings.store.ts";
import { accountOf, placeCounts, repeatsOf } from "./inspection.figures.ts";
import { problemListHtml } from "./problems.html.ts";

const read = "inspection.finding.read";
const hoursPerDay = 24;
const headBytes = 12;

interface ById {
  readonly id: string;
}

async function areaOfFinding(input: ById, tx: Tx): Promise<string> {
  const finding = await findFinding(tx, input.id);
  if (!finding) throw new ProblemError("record.notFound", { what: "finding" });
  return finding.areaCode;
}

async function lock(tx: Tx, id: string): Promise<Finding> {
  const finding = await lockFinding(tx, id);
  if (!finding) throw new ProblemError("record.notFound", { what: "finding" });
  return finding;
}

export const listFindings = useCase(
  { name: "inspection.listFindings", permission: read, kind: "read" },
  (tx, query: FindingQuery): Promise<Page<Finding>> => pageFindings(tx, query),
);

export const getFinding = useCase(
  { name: "inspection.getFinding", permission: read, kind: "read", area: areaOfFinding },
  async (tx, input: ById): Promise<FindingDetail> => {
    const finding = need(await findFinding(tx, input.id), "its area was just read");
    return { ...finding, photos: await photosOf(tx, input.id) };
  },
);

/** Keeps a picture after looking at its size, its kind and its first bytes. spec: INS-6 */
async function keepPhoto(tx: Tx, finding: Finding, stage: PhotoStage, photo: NewPhoto): Promise<void> {
  const bytes = Buffer.from(photo.content, "base64");
  const fault = photoFault(photo.contentType, bytes.length, bytes.subarray(0, headBytes).toString("hex"));
  const since =
    stage === "rectified" ? sinceOf(finding) : stage === "checked" ? (finding.fixedAt ?? finding.foundAt) : "";
  const stale = isFreshPhoto(photo.takenAt, since, tx.now) ? null : "not taken after the finding / 照片早于问题发现";
  const why = fault ?? stale;
  if (why !== null) throw new ProblemError("rule.refused", { rule: "INS-6", why });
  await insertPhoto(tx, {
    findingId: finding.id,
    areaCode: finding.areaCode,
    stage,
    name: photo.name,
    contentType: photo.contentType,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    takenAt: photo.takenAt,
    bytes,
  });
}

/** From when a repair's photo counts: the finding, or the last time it was sent back. */
function sinceOf(finding: Finding): string {
  return finding.sentBackCount > 0 && finding.checkedAt !== null ? finding.checkedAt : finding.foundAt;
}

/** Adds a photo to a finding, such as what the inspector saw. */
export const addPhoto = useCase(
  { name: "inspection.addPhoto", permission: "inspection.finding.rectify", kind: "write", area: areaOfFinding },
  async (tx, input: ById & AddPhoto): Promise<FindingDetail> => {
    const finding = await lock(tx, input.id);
    await keepPhoto(tx, finding, input.stage, input.photo);
    return { ...finding, photos: await photosOf(tx, input.id) };
  },
);

async function taskOf(tx: Tx, id: string): Promise<{ finding: Finding; taskId: string }> {
  const finding = await lock(tx, id);
  return { finding, taskId: need(finding.taskId, "every finding was given its task") };
}

/** Reports a finding put right, with a photo of it; its task is submitted with it. spec: INS-5, INS-6 */
export const rectifyFinding = useCase(
  { name: "inspection.rectify", permission: "inspection.finding.rectify", kind: "write", area: areaOfFinding },
  async (tx, input: ById & Rectify): Promise<Finding> => {
    const { finding, taskId } = await taskOf(tx, input.id);
    check(finding, "rectify", tx.actor.id);
    for (const photo of input.photos) await keepPhoto(tx, finding, "rectified", photo);
    await noteFinding(tx, finding.id, { fixed: input.note });
    const files = input.photos.map((photo) => photo.name);
    await actOnTask(tx, "submit", { id: taskId, evidence: { note: input.note, files } });
    return lock(tx, input.id);
  },
);

/** Another person looks again: closes the finding (销号) or sends it back. spec: INS-5, INS-7 */
export const recheckFinding = useCase(
  { name: "inspection.recheck", permission: "inspection.finding.check", kind: "write", area: areaOfFinding },
  async (tx, input: ById & Recheck): Promise<Finding> => {
    const { finding, taskId } = await taskOf(tx, input.id);
    check(finding, input.passed ? "close" : "sendBack", tx.actor.id);
    for (const photo of input.photos ?? []) await keepPhoto(tx, finding, "checked", photo);
    await noteFinding(tx, finding.id, { checked: input.note });
    await actOnTask(tx, input.passed ? "approve" : "sendBack", { id: taskId, evidence: { note: input.note } });
    return lock(tx, input.id);
  },
);

function check(finding: Finding, action: FindingAction, actorId: string): Finding["state"] {
  const next = nextFindingState(finding, action, actorId);
  if (!next.ok) throw new ProblemError(next.refusal.code, next.refusal.params);
  return next.value;
}

/** Follows a step of a finding's task, from wherever it was taken. spec: INS-5, INS-6, INS-7 */
export async function followTask(tx: Tx, taskId: string, kind: string, action: FindingAction): Promise<void> {
  if (kind !== findingTaskKind) return;
  const finding = await lockFindingOfTask(tx, taskId);
  if (!finding) return;
  const state = check(finding, action, tx.actor.id);
  if (action === "rectify" && !(await hasPhotoSince(tx, finding.id, "rectified", sinceOf(finding))))
    throw new ProblemError("rule.refused", {
      rule: "INS-6",
      why: "a photo of the repair is needed: report it on the finding / 须附整改照片",
    });
  await updateFinding(tx, finding.id, {
    state,
    fixed: action === "rectify",
    checked: action !== "rectify",
    sentBack: action === "sendBack" || action === "reopen",
  });
  await tx.emit({
    name: `inspection.${action}`,
    areaCode: finding.areaCode,
    subjectType: "inspectionFinding",
    subjectId: finding.id,
    data: { from: finding.state, to: state, severity: finding.severity },
  });
}

const escalateBatchMax = 2_000;

/** Carries findings that are late up the area tree, as their tasks are; run by the clock. spec: INS-8 */
export async function escalateFindings(tx: Tx): Promise<void> {
  const late = await lateFindings(tx, escalateBatchMax);
  if (late.length === 0) return;
  const ancestors = await areaAncestors(tx, [...new Set(late.map((row) => row.area_code))]);
  const rows = late.flatMap((row) => {
    const up = ancestors.get(row.area_code) ?? [];
    const level = findingEscalation({ state: row.state, dueAt: row.due_at }, tx.now, up.length);
    if (level === row.escalated_level && row.state === "escalated") return [];
    return [{ id: row.id, level, to: up[level - 1] ?? row.area_code }];
  });
  if (rows.length > 0) await markEscalated(tx, rows);
}

/** A photo's bytes, for those who may read the finding. */
export const readPhoto = useCase(
  { name: "inspection.readPhoto", permission: read, kind: "read" },
  async (tx, input: ById): Promise<{ contentType: string; bytes: Buffer }> => {
    const photo = await photoBytes(tx, input.id);
    if (!photo) throw new ProblemError("record.notFound", { what: "photo" });
    return { contentType: photo.content_type, bytes: photo.bytes };
  },
);

/** Writes down a penalty or a commendation; one finding is answered once by each kind. spec: INS-13 */
export const recordSanction = useCase(
  {
    name: "inspection.sanction",
    permission: "inspection.sanction.write",
    kind: "write",
    area: (input: NewSanction) => input.areaCode,
  },
  async (tx, input): Promise<{ id: string }> => {
    if (input.findingId !== undefined) {
      const finding = await lock(tx, input.findingId);
      if (finding.areaCode !== input.areaCode)
        throw new ProblemError("request.invalid", {}, [{ pointer: "/areaCode", detail: "is not the finding's" }]);
    }
    const id = await insertSanction(tx, input);
    if (id === undefined) throw new ProblemError("record.duplicate", { what: "sanction" });
    await tx.emit({
      name: "inspection.sanctioned",
      areaCode: input.areaCode,
      subjectType: "inspectionSanction",
      subjectId: id,
      data: { kind: input.kind },
    });
    return { id };
  },
);

export const listSanctions = useCase(
  { name: "inspection.listSanctions", permission: read, kind: "read" },
  (tx, query: AreaQuery & { readonly kind?: string }): Promise<Page<Sanction>> => pageSanctions(tx, query),
);

const daysShown = 14;
const repeatsShownMax = 200;
const codeLengths = [6, 9, 12] as const;

/** The divisions one step below an area: counties of the city, towns of a county, villages of a town. */
function stepBelow(areaCode: string): number {
  return codeLengths.find((length) => length > areaCode.length) ?? areaCode.length;
}

function scopeOf(tx: Tx, query: FiguresQuery): { areaCode: string; since: string; codeLength: number } {
  const areaCode = query.areaCode ?? tx.actor.areaCode;
  const since = addHours(tx.now, -(query.days ?? daysShown) * hoursPerDay);
  return { areaCode, since, codeLength: stepBelow(areaCode) };
}

/** What each division answers for: findings, closed in time, late, sent back, penalties, commendations. spec: INS-11 */
export const accountability = useCase(
  { name: "inspection.accountability", permission: read, kind: "read" },
  async (tx, query: FiguresQuery): Promise<AccountRow[]> => {
    const rows = await accountOf(tx, scopeOf(tx, query));
    const areas = await areasByCode(
      tx,
      rows.map((row) => row.areaCode),
    );
    return rows.map((row) => {
      const area = areas.get(row.areaCode);
      const name = area?.name ?? row.areaCode;
      return { ...row, name, nameEn: area?.nameEn ?? name, inTimeShare: inTimeShare(row) };
    });
  },
);

/** Places where the same thing was found again. spec: INS-9 */
export const repeatOffenders = useCase(
  { name: "inspection.repeats", permission: read, kind: "read" },
  (tx, query: FiguresQuery): Promise<Repeat[]> => repeatsOf(tx, { ...scopeOf(tx, query), limit: repeatsShownMax }),
);

/** The standing check of venue codes by division and kind. spec: INS-12 */
export const codeCoverage = useCase(
  { name: "inspection.codeCoverage", permission: read, kind: "read" },
  async (tx, query: FiguresQuery): Promise<CoverageRow[]> => {
    const { areaCode, since, codeLength } = scopeOf(tx, query);
    const zone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
    const asked = (await checklistLibrary()).filter((list) => list.venueCodeItem !== null);
    const placeTypes = [...new Set(asked.map((list) => list.placeType))];
    const venues = await venueUse(tx, { areaCode, from: dayOf(since, zone), to: dayOf(tx.now, zone), codeLength });
    return coverageRows(venues, await placeCounts(tx, { areaCode, codeLength, placeTypes }));
  },
);

const problemsShownMax = 2_000;

/** The problem list of a day: what stood open when it ended (or stands now), and what was ticked off on it. spec: INS-14 */
async function problems(tx: Tx, query: ProblemsQuery): Promise<{ day: string; zone: string; rows: Finding[] }> {
  const zone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
  const day = query.day ?? dayOf(tx.now, zone);
  const from = instantAt(day, "00:00", zone);
  const to = instantAt(addDays(day, 1), "00:00", zone);
  return { day, zone, rows: await problemsOf(tx, query.areaCode ?? tx.actor.areaCode, from, to, problemsShownMax) };
}

/** The day's problem list to print, in both languages. spec: INS-14 */
export const problemList = useCase(
  { name: "inspection.problemList", permission: read, kind: "read" },
  async (tx, query: ProblemsQuery): Promise<string> => {
    const { day, zone, rows } = await problems(tx, query);
    const areas = await areasByCode(tx, [...new Set(rows.map((row) => row.areaCode.slice(0, codeLengths[0])))]);
    return problemListHtml({ day, zone, now: tx.now, rows, areas });
  },
);
