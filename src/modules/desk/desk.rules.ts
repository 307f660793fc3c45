import { ok, refuse, type Result } from "#kernel/result";

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
