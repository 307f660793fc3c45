import { nextBriefing } from "#domain/command";
import { ok, refuse, type Result } from "#kernel/result";
import { addMinutes, type Instant } from "#kernel/time";
import type { NoticeKind } from "./desk.model.ts";

/** The record a timeline is about. */
export interface Subject {
  readonly type: string;
  readonly id: string;
}

/** The permission that reading a record of this type takes; a type that is not named has no timeline. */
export const subjectPermissions: Readonly<Record<string, string>> = {
  area: "areas.area.read",
  arrival: "inbound.arrival.read",
  box: "screening.round.read",
  briefing: "command.briefing.read",
  callUp: "teams.callUp.read",
  case: "cases.case.read",
  checkpoint: "inbound.pass.read",
  contact: "tracing.contact.read",
  directive: "command.directive.read",
  directiveRelay: "command.directive.read",
  doorList: "grid.door.read",
  escort: "inbound.arrival.read",
  freeze: "reports.figure.read",
  handover: "tracing.contact.read",
  inspection: "inspection.finding.read",
  inspectionFinding: "inspection.finding.read",
  inspectionSanction: "inspection.finding.read",
  isolationSite: "isolation.read",
  lab: "screening.round.read",
  letter: "inbound.letter.read",
  member: "teams.member.read",
  outbreak: "outbreaks.outbreak.read",
  personEntry: "people.register.read",
  post: "inbound.post.read",
  probe: "sentinel.signal.read",
  probeAlert: "sentinel.alert.read",
  publication: "reports.publication.read",
  register: "people.register.read",
  reopeningStep: "command.reopening.read",
  request: "reports.request.read",
  round: "screening.round.read",
  shift: "teams.shift.read",
  supplyAlert: "supplies.stock.read",
  supplyDelivery: "supplies.delivery.read",
  supplyRequest: "supplies.request.read",
  task: "tasks.task.read",
  team: "teams.team.read",
  teamExposure: "teams.exposure.read",
  teamNeed: "teams.team.read",
  tube: "screening.round.read",
  volunteer: "teams.member.read",
  warehouse: "supplies.stock.read",
  zone: "zones.zone.read",
};

/** The records somebody asks about, if each may be read by them. spec: DESK-2 */
export function subjectsOf(texts: readonly string[], permissions: ReadonlySet<string>): Result<readonly Subject[]> {
  const subjects = texts.map((text): Subject => {
    const at = text.indexOf(":");
    return { type: text.slice(0, at), id: text.slice(at + 1) };
  });
  for (const { type } of subjects) {
    const permission = subjectPermissions[type];
    if (permission === undefined) return refuse("record.notFound", { what: "record" });
    if (!permissions.has(permission)) return refuse("auth.forbidden", { permission });
  }
  return ok(subjects);
}

const drillActor = /^drill-([a-zA-Z]+)(?:-(\d+))?$/;

/** Roles and area of an actor without an account: the clock, a resident, an actor of the drill. spec: DESK-3 */
export function doerOf(actorId: string): { readonly roles: readonly string[]; readonly areaCode: string | null } {
  const played = drillActor.exec(actorId);
  if (played) return { roles: [played[1] ?? ""], areaCode: played[2] ?? null };
  return { roles: [actorId === "resident" ? "resident" : "system"], areaCode: null };
}

const detailKeys = ["kind", "level", "from", "to", "state", "outcome", "severity"] as const;
const systemWord = /^[a-zA-Z][\w.]{0,39}$/;

/** What of an event's data may be shown: single words of the system under known keys. spec: DESK-3 */
export function detailOf(data: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of detailKeys) {
    const value = data[key];
    if (typeof value === "string" && systemWord.test(value)) found[key] = value;
  }
  return found;
}

/** Every area a code lies in, its own and `everywhere` included: a view shared there reaches it. spec: DESK-1 */
export function areasAbove(code: string): string[] {
  return Array.from({ length: code.length + 1 }, (_, i) => code.slice(0, i));
}

/** The teams whose work a role does; roles that only look have none. */
const teamsOfRole: Readonly<Record<string, readonly string[]>> = {
  commander: ["command"],
  duty: ["command"],
  cdc: ["cdc"],
  tracer: ["tracing"],
  screeningManager: ["screening"],
  sampler: ["sampling", "doorSampling"],
  courier: ["courier"],
  lab: ["lab"],
  medical: ["medical"],
  isolationManager: ["isolation"],
  driver: ["transport"],
  siteManager: ["site"],
  gridWorker: ["grid"],
  police: ["police"],
  inspector: ["inspection"],
  suppliesManager: ["supplies"],
  publicInformation: ["publicInfo"],
};

/** The teams of an account. spec: DESK-5 */
export function teamsOf(roles: readonly string[]): string[] {
  return [...new Set(roles.flatMap((role) => teamsOfRole[role] ?? []))];
}

/** A number in a search for a case: 12, 确诊病例12, case 12. */
export function caseNumberIn(text: string): number | null {
  const digits = /^\D{0,30}?(\d{1,6})\D{0,4}$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Tasks that are a directive or a hand-over say so rather than «new task». */
const noticeOfTask: Readonly<Record<string, NoticeKind>> = {
  receiveDirective: "directive",
  answerHandOver: "handOver",
};
const noticeOfStage: Readonly<Record<string, NoticeKind>> = { soon: "soon", late: "late", escalated: "escalated" };

/** What a task's notice is called. */
export function taskNoticeKind(stage: string, taskKind: string): NoticeKind {
  return noticeOfStage[stage] ?? noticeOfTask[taskKind] ?? "task";
}

/** Events that are notices, and the permission they take. spec: DESK-5 */
export const noticeEvents: Readonly<Record<string, { readonly kind: NoticeKind; readonly permission: string }>> = {
  "screening.tubePositive": { kind: "tubePositive", permission: "screening.round.read" },
  "zones.published": { kind: "zonePublished", permission: "zones.zone.read" },
  "zones.levelChanged": { kind: "zoneLevel", permission: "zones.zone.read" },
};

/** The next briefing once it is this near, or null. spec: DESK-5 */
export function briefingSoon(now: Instant, timeZone: string, minutes: number): Instant | null {
  const at = nextBriefing(now, timeZone);
  return at <= addMinutes(now, minutes) ? at : null;
}
