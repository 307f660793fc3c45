import { currentOutbreak, findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { freezeFigures, frozenFiguresOf, situationReportHtml } from "#modules/reports";
import { testedSoFar } from "#modules/screening";
import { completeTasks, createTasks, type OwnerTeam } from "#modules/tasks";
import { ownerTeams } from "#domain/tasks";
import { totalOf, type Both, type Freeze, type ReportLanguage, type SitrepDocument } from "#domain/reports";
import { ProblemError } from "#kernel/errors";
import { instantAt, wallClock, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { agendaOf, nameIn, placesOf, situation, type Situation } from "./agenda.service.ts";
import type { Agenda, Briefing, BriefingHeld, Decision, HoldBriefing, NewDecision } from "./command.model.ts";
import { nextBriefing, slotDue } from "./command.rules.ts";
import {
  briefingById,
  briefingOf,
  briefingReport,
  decisionsOf,
  insertBriefing,
  insertDecisions,
  lastBriefing,
  lockBriefings,
  pageBriefings,
  type BriefingRow,
} from "./command.store.ts";

/** Rows of zones and of late tasks that the printed report lists. */
const zonesPrinted = 200;
const lateRowsPrinted = 60;

function teamOf(name: string): OwnerTeam {
  const team = ownerTeams.find((known) => known === name);
  if (team === undefined)
    throw new ProblemError("request.invalid", {}, [{ pointer: "/decisions/team", detail: "is not a team" }]);
  return team;
}

/** Turns what is decided into tasks; each has an owner and is due at the next briefing at the latest. spec: CMD-5 */
export async function decide(
  tx: Tx,
  outbreak: Outbreak,
  briefingId: string,
  wanted: readonly (NewDecision & { readonly kind: string })[],
  firstNo = 1,
): Promise<Decision[]> {
  const next = nextBriefing(tx.now, outbreak.timeZone);
  const rows = wanted.map((row, i) => ({ ...row, no: firstNo + i, team: teamOf(row.team), dueAt: row.dueAt ?? next }));
  const taskIds = await createTasks(
    tx,
    rows.map((row) => ({
      outbreakId: outbreak.id,
      kind: "directive",
      areaCode: row.areaCode,
      ownerTeam: row.team,
      subjectType: "briefing",
      subjectId: briefingId,
      params: { no: row.no, decision: row.kind, zh: row.text["zh-CN"], en: row.text.en },
      dueAt: row.dueAt,
    })),
  );
  return rows.map((row, i) => ({
    no: row.no,
    kind: row.kind,
    areaCode: row.areaCode,
    text: row.text,
    team: row.team,
    dueAt: row.dueAt,
    taskId: taskIds[i] ?? "",
    withdrawnAt: null,
    withdrawnReason: null,
  }));
}

interface Held {
  readonly freeze: Freeze;
  readonly now: Situation;
  readonly decisions: readonly Decision[];
  readonly tests: { readonly sampled: number; readonly resulted: number };
}

/** The measures of every response level up to the one in force. */
function measuresOf(outbreak: Outbreak): Both[] {
  const levels = outbreak.protocol.responseLevels;
  const at = levels.findIndex((row) => row.level === outbreak.responseLevel);
  return levels.slice(0, at + 1).flatMap((row) => row.measures.map((measure) => measure.name));
}

function outbreakPart({ outbreak, names }: Situation): SitrepDocument["outbreak"] {
  const { protocol } = outbreak;
  const phase = protocol.phases.find((row) => row.phase === outbreak.phase)?.name;
  return {
    name: { "zh-CN": outbreak.name, en: outbreak.nameEn },
    areaName: nameIn(names, outbreak.areaCode),
    drill: outbreak.drill,
    phase: phase ?? { "zh-CN": outbreak.phase, en: outbreak.phase },
    responseLevel: outbreak.responseLevel,
    timeZone: outbreak.timeZone,
    protocol: protocol.title,
    protocolVersion: protocol.version,
    firstPositiveAt: outbreak.firstPositiveAt,
    provenances: Object.fromEntries(protocol.cases.provenances.map((row) => [row.id, row.name])),
    controlledProvenances: protocol.communityZero.controlledProvenances,
  };
}

/** The situation report as data: everything it shows in either language, and nobody. */
function documentOf(tx: Tx, { freeze, now, decisions, tests }: Held): SitrepDocument {
  return {
    number: freeze.no,
    slot: freeze.slot,
    issuedAt: tx.now,
    cutoffAt: freeze.cutoffAt,
    reconciled: freeze.reconciled,
    outbreak: outbreakPart(now),
    counties: now.counties,
    figures: freeze.figures,
    curve: now.curve,
    marks: now.marks,
    measures: measuresOf(now.outbreak),
    tests,
    rounds: now.rounds.map(({ no, areaName, openedAt, closedAt, due, sampled, excused, resulted, positive }) => ({
      no,
      areaName,
      openedAt,
      closedAt,
      due,
      sampled,
      excused,
      resulted,
      positive,
    })),
    clocks: now.clocks,
    central: placesOf(now.sites, "central"),
    fangcang: placesOf(now.sites, "fangcang"),
    hospital: placesOf(now.sites, "hospital"),
    zones: now.zones.slice(0, zonesPrinted).map((zone) => ({
      name: zone.name,
      areaName: nameIn(now.names, zone.areaCode.slice(0, 6)),
      level: zone.level,
      since: zone.since,
      cleanDays: zone.cleanDays,
    })),
    late: {
      total: now.late.reduce((sum, row) => sum + row.count, 0),
      rows: now.late.slice(0, lateRowsPrinted).map((row) => ({
        team: row.team,
        areaName: nameIn(now.names, row.areaCode),
        count: row.count,
        oldestDueAt: row.oldestDueAt,
      })),
    },
    steps: decisions.map(({ text, team, dueAt }) => ({ text, team, dueAt })),
  };
}

/** A stored briefing with its decisions and its frozen figures. */
export async function briefingInFull(tx: Tx, row: BriefingRow): Promise<Briefing> {
  return { ...row, decisions: await decisionsOf(tx, row.id), figures: await frozenFiguresOf(tx, row.freezeId) };
}

/** The directives of the briefing before are reviewed at this one; what still holds is given again. spec: CMD-5 */
async function reviewLast(tx: Tx, outbreak: Outbreak, no: number): Promise<void> {
  const last = await lastBriefing(tx, outbreak.id);
  if (last === undefined) return;
  await completeTasks(tx, {
    subjectType: "briefing",
    subjectIds: [last.id],
    kind: "directive",
    evidence: { note: `reviewed at briefing ${no}` },
  });
}

/**
 * Holds the briefing of a slot: freezes the figures at the slot's own time, sets the agenda, turns the
 * proposals and the given decisions into tasks and stores the situation report. A slot is held once a
 * day; asking again gives the briefing that was held. spec: CMD-4, CMD-5, FIG-3
 */
export async function convene(
  tx: Tx,
  outbreak: Outbreak,
  input: { slot: string; at: Instant; decisions: readonly NewDecision[] },
): Promise<Briefing> {
  await lockBriefings(tx, outbreak.id);
  const { day } = wallClock(input.at, outbreak.timeZone);
  const held = await briefingOf(tx, outbreak.id, day, input.slot);
  if (held !== undefined) return briefingInFull(tx, held);
  const freeze = await freezeFigures(tx, { slot: input.slot, cutoff: input.at });
  await reviewLast(tx, outbreak, freeze.no);
  const now = await situation(tx, outbreak);
  const agenda: Agenda = await agendaOf(tx, now);
  const id = tx.newId();
  const decisions = await decide(tx, outbreak, id, [
    ...agenda.proposals,
    ...input.decisions.map((row) => ({ ...row, kind: "given" })),
  ]);
  const tests = await testedSoFar(tx, { outbreakId: outbreak.id, areaCode: outbreak.areaCode });
  await insertBriefing(tx, {
    id,
    outbreakId: outbreak.id,
    areaCode: outbreak.areaCode,
    no: freeze.no,
    day,
    slot: input.slot,
    cutoffAt: input.at,
    freezeId: freeze.id,
    reconciled: freeze.reconciled,
    agenda,
    report: documentOf(tx, { freeze, now, decisions, tests }),
  });
  await insertDecisions(tx, id, decisions);
  const data: BriefingHeld = {
    no: freeze.no,
    slot: input.slot,
    decisions: decisions.length,
    reconciled: freeze.reconciled,
    newConfirmed: totalOf(freeze.figures, "confirmed").change,
    newAsymptomatic: totalOf(freeze.figures, "asymptomatic").change,
  };
  await tx.emit({
    name: "command.briefingHeld",
    outbreakId: outbreak.id,
    areaCode: outbreak.areaCode,
    subjectType: "briefing",
    subjectId: id,
    data,
  });
  const row = await briefingById(tx, id);
  if (row === undefined) throw new ProblemError("record.notFound", { what: "briefing" });
  return briefingInFull(tx, row);
}

/** Holds the briefing of a slot of today, or the one that is due now. */
export const holdBriefing = useCase(
  {
    name: "command.holdBriefing",
    permission: "command.briefing.write",
    kind: "write",
    area: async (_input: HoldBriefing, tx) => (await currentOutbreak(tx)).areaCode,
  },
  async (tx, input): Promise<Briefing> => {
    const outbreak = await currentOutbreak(tx);
    const { day } = wallClock(tx.now, outbreak.timeZone);
    const slot = input.slot ?? slotDue(tx.now, outbreak.timeZone)?.slot;
    const planned = slot === undefined ? tx.now : instantAt(day, slot, outbreak.timeZone);
    if (slot === undefined || planned > tx.now) {
      const next = wallClock(nextBriefing(tx.now, outbreak.timeZone), outbreak.timeZone).time;
      throw new ProblemError("rule.refused", {
        rule: "CMD-4",
        why: `the next briefing is at ${next} / 下次调度会 ${next}`,
      });
    }
    return convene(tx, outbreak, { slot, at: planned, decisions: input.decisions ?? [] });
  },
);

/** The clock's own briefing, so that figures are frozen even when nobody opened the meeting. spec: CMD-4 */
export async function holdDueBriefing(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined || outbreak.allClearAt !== null || outbreak.firstPositiveAt === null) return;
  const due = slotDue(tx.now, outbreak.timeZone);
  if (due === undefined || due.at < outbreak.firstPositiveAt) return;
  if (await briefingOf(tx, outbreak.id, due.day, due.slot)) return;
  await convene(tx, outbreak, { slot: due.slot, at: due.at, decisions: [] });
}

const read = { permission: "command.briefing.read", kind: "read" } as const;

export const listBriefings = useCase(
  { name: "command.listBriefings", ...read },
  async (tx, query: { limit?: number; cursor?: string }) => pageBriefings(tx, (await currentOutbreak(tx)).id, query),
);

export const getBriefing = useCase(
  { name: "command.getBriefing", ...read },
  async (tx, input: { id: string }): Promise<Briefing> => {
    const row = await briefingById(tx, input.id);
    if (row === undefined) throw new ProblemError("record.notFound", { what: "briefing" });
    return briefingInFull(tx, row);
  },
);

/** The situation report of a briefing as one printable page. */
export const briefingReportHtml = useCase(
  { name: "command.briefingReport", ...read },
  async (tx, input: { id: string; lang: ReportLanguage }): Promise<string> => {
    const document = await briefingReport(tx, input.id);
    if (document === undefined) throw new ProblemError("record.notFound", { what: "briefing" });
    return situationReportHtml(document, input.lang);
  },
);
