import { currentOutbreak, outbreakById, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import { dueAt } from "#domain/outbreaks";
import { ProblemError } from "#kernel/errors";
import type { Refusal, Result } from "#kernel/result";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import type {
  CaseDetail,
  CaseFacts,
  CasePerson,
  Diagnose,
  DiagnosedData,
  ExcludeCase,
  ExcludedData,
  LinkInfector,
  OutcomeData,
  Outcome,
  RecordOutcome,
  Reclassify,
  ReclassifiedData,
  RegisterCase,
} from "./cases.model.ts";
import {
  caseTitle,
  classify,
  closesCircle,
  excludeFrom,
  outcomeAfter,
  reclassifyTo,
  severityOf,
  type Classified,
} from "./cases.rules.ts";
import {
  caseById,
  caseDetail,
  infectorsAbove,
  insertReclassification,
  lockCase,
  markReported,
  reclassifications,
  takeNumbers,
  updateClass,
  updateInfector,
  updateOutcome,
} from "./cases.store.ts";
import { foundPositive, reportTask } from "./positives.service.ts";

/** What people do with cases; each use case is one transaction. */

function refused(refusal: Refusal): ProblemError {
  return new ProblemError(refusal.code, refusal.params);
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw refused(result.refusal);
  return result.value;
}

function notFound(): ProblemError {
  return new ProblemError("record.notFound", { what: "case" });
}

interface OfCase {
  readonly caseId: string;
}

async function areaOfCase(input: OfCase, tx: Tx): Promise<string> {
  const record = await caseById(tx, input.caseId);
  if (!record) throw notFound();
  return record.areaCode;
}

async function locked(tx: Tx, caseId: string): Promise<{ record: CaseFacts; outbreak: Outbreak }> {
  const record = await lockCase(tx, caseId);
  if (!record) throw notFound();
  return { record, outbreak: await outbreakById(tx, record.outbreakId) };
}

function subject(record: CaseFacts) {
  return {
    outbreakId: record.outbreakId,
    areaCode: record.areaCode,
    subjectType: "case",
    subjectId: record.id,
  } as const;
}

async function numbered(tx: Tx, outbreak: Outbreak, state: Classified["state"]) {
  const number = await takeNumbers(tx, outbreak.id, state, 1);
  const title = caseTitle(outbreak.protocol, state, number);
  return { number, titleZh: title.zh, titleEn: title.en };
}

const write = "cases.case.write";
const read = "cases.case.read";

/** Registers a positive found outside the tubes (a patient, a notice from elsewhere) as a preliminary positive. */
export const registerCase = useCase(
  {
    name: "cases.register",
    permission: write,
    kind: "write",
    area: async (input: RegisterCase, tx) => {
      const [card] = await personCards(tx, [input.personId]);
      if (!card) throw new ProblemError("record.notFound", { what: "person" });
      return card.areaCode;
    },
  },
  async (tx, input): Promise<{ caseId: string }> => {
    const outbreak = await currentOutbreak(tx);
    const at = input.positiveAt ?? tx.now;
    const [caseId] = await foundPositive(tx, outbreak, {
      personIds: [input.personId],
      purpose: "sentinel",
      signalTubeId: null,
      tubeId: null,
      ctN: null,
      ctOrf: null,
      sampledAt: input.sampledAt ?? at,
      signalAt: at,
      positiveAt: at,
      provenance: input.provenance,
      source: input.source,
      ...(input.onsetAt === undefined ? {} : { onsetAt: input.onsetAt }),
    });
    if (caseId === undefined) throw new ProblemError("record.duplicate", { what: "case" });
    return { caseId };
  },
);

/** Classifies a preliminary positive or a suspect by the protocol's case definitions and starts the report clock. */
export const diagnoseCase = useCase(
  { name: "cases.diagnose", permission: "cases.case.diagnose", kind: "write", area: areaOfCase },
  async (tx, input: Diagnose): Promise<{ state: Classified["state"]; number: number; reportDueAt: string | null }> => {
    const { record, outbreak } = await locked(tx, input.caseId);
    const found = must(classify(outbreak.protocol, record.state, input.facts));
    const severity = must(severityOf(outbreak.protocol, input.severity));
    const name = await numbered(tx, outbreak, found.state);
    // spec: CASE-10 (RPT-2H, domain.md §1.2)
    const reportDueAt = dueAt(outbreak.protocol, "reportStatutory", tx.now) ?? null;
    await updateClass(tx, record.id, {
      state: found.state,
      ...name,
      ruleId: found.rule,
      severity,
      onsetAt: input.onsetAt ?? null,
      facts: input.facts,
      ctN: input.ctN ?? null,
      ctOrf: input.ctOrf ?? null,
      diagnosedAt: tx.now,
      reportDueAt,
      protocolVersion: outbreak.protocol.version,
    });
    if (reportDueAt !== null) await createTasks(tx, [reportTask("reportStatutory", record, reportDueAt)]);
    const data: DiagnosedData = {
      caseId: record.id,
      personId: record.personId,
      state: found.state,
      from: record.state,
      provenance: record.provenance,
      inCommunity: record.inCommunity,
    };
    await tx.emit({ name: "cases.diagnosed", ...subject(record), data });
    return { state: found.state, number: name.number, reportDueAt };
  },
);

/** Moves a diagnosed case to another class; logged, numbered in the new class, never a new infection. */
export const reclassifyCase = useCase(
  { name: "cases.reclassify", permission: "cases.case.diagnose", kind: "write", area: areaOfCase },
  async (tx, input: Reclassify): Promise<{ number: number }> => {
    const { record, outbreak } = await locked(tx, input.caseId);
    const rule = must(reclassifyTo(outbreak.protocol, record.state, input.to, input.facts));
    const severity = must(severityOf(outbreak.protocol, input.severity));
    const name = await numbered(tx, outbreak, input.to);
    await updateClass(tx, record.id, {
      state: input.to,
      ...name,
      ruleId: rule,
      severity,
      onsetAt: input.onsetAt ?? null,
      facts: input.facts,
      protocolVersion: outbreak.protocol.version,
    });
    await insertReclassification(tx, record, {
      state: input.to,
      number: name.number,
      ruleId: rule,
      reason: input.reason,
    });
    const due = dueAt(outbreak.protocol, "correctRecord", tx.now);
    if (due !== undefined) await createTasks(tx, [reportTask("correctRecord", record, due)]);
    const data: ReclassifiedData = { caseId: record.id, personId: record.personId, from: record.state, to: input.to };
    await tx.emit({ name: "cases.reclassified", ...subject(record), data });
    return { number: name.number };
  },
);

/** Takes a case off the list with a reason; its number stays used and is not given again. */
export const excludeCase = useCase(
  { name: "cases.exclude", permission: "cases.case.diagnose", kind: "write", area: areaOfCase },
  async (tx, input: ExcludeCase): Promise<{ ruleId: string }> => {
    const { record, outbreak } = await locked(tx, input.caseId);
    const rule = must(excludeFrom(outbreak.protocol, record.state));
    await updateClass(tx, record.id, {
      state: "excluded",
      number: null,
      titleZh: null,
      titleEn: null,
      ruleId: rule,
      excludedReason: input.reason,
      protocolVersion: outbreak.protocol.version,
    });
    await insertReclassification(tx, record, { state: "excluded", number: null, ruleId: rule, reason: input.reason });
    await cancelTasks(tx, { subjectType: "case", subjectIds: [record.id] });
    const data: ExcludedData = { caseId: record.id, personId: record.personId, from: record.state };
    await tx.emit({ name: "cases.excluded", ...subject(record), data });
    return { ruleId: rule };
  },
);

/** Notes that the statutory network report went out; closes its task. */
export const reportStatutory = useCase(
  { name: "cases.reportStatutory", permission: "cases.case.report", kind: "write", area: areaOfCase },
  async (tx, input: OfCase): Promise<{ inTime: boolean }> => {
    const { record } = await locked(tx, input.caseId);
    if (record.diagnosedAt === null) throw new ProblemError("state.notAllowed", { state: record.state });
    // The statutory report tells all the preliminary one would have told.
    if (await markReported(tx, record.id, "preliminary_reported_at"))
      await closeTask(tx, record.id, "reportPreliminary");
    if (await markReported(tx, record.id, "reported_at")) {
      await closeTask(tx, record.id, "reportStatutory");
      await tx.emit({ name: "cases.reported", ...subject(record), data: { caseId: record.id } });
    }
    const detail = await caseDetail(tx, record.id);
    return { inTime: !detail?.reportDueAt || (detail.reportedAt ?? tx.now) <= detail.reportDueAt };
  },
);

/** Notes that the preliminary positive was told to the disease-control centre and headquarters. */
export const reportPreliminary = useCase(
  { name: "cases.reportPreliminary", permission: "cases.case.report", kind: "write", area: areaOfCase },
  async (tx, input: OfCase): Promise<{ first: boolean }> => {
    const { record } = await locked(tx, input.caseId);
    const first = await markReported(tx, record.id, "preliminary_reported_at");
    if (first) await closeTask(tx, record.id, "reportPreliminary");
    return { first };
  },
);

async function closeTask(tx: Tx, caseId: string, kind: string): Promise<void> {
  await completeTasks(tx, { subjectType: "case", subjectIds: [caseId], kind, evidence: { note: "reported / 已报告" } });
}

/** Records how a case goes on, inside the transaction of whoever decides it (isolation by the exit rules). */
export async function setOutcome(tx: Tx, input: { caseId: string; outcome: Outcome; at?: string }): Promise<void> {
  const { record } = await locked(tx, input.caseId);
  const outcome = must(outcomeAfter(record.state, record.outcome, input.outcome));
  const at = input.at ?? tx.now;
  await updateOutcome(tx, record.id, outcome, at);
  const data: OutcomeData = { caseId: record.id, personId: record.personId, outcome, at };
  await tx.emit({ name: "cases.outcome", ...subject(record), data });
}

export const recordOutcome = useCase(
  { name: "cases.recordOutcome", permission: write, kind: "write", area: areaOfCase },
  async (tx, input: RecordOutcome): Promise<Record<string, never>> => {
    await setOutcome(tx, input);
    return {};
  },
);

/** Names the person a case was infected by, or takes the link away; a circle is refused. */
export async function setInfector(tx: Tx, input: LinkInfector): Promise<void> {
  const { record } = await locked(tx, input.caseId);
  if (input.infectorCaseId !== null) {
    const infector = await caseById(tx, input.infectorCaseId);
    if (!infector || infector.outbreakId !== record.outbreakId) throw notFound();
    const above = await infectorsAbove(tx, infector.id);
    if (closesCircle(record.id, infector.id, (id) => above.get(id) ?? null))
      throw new ProblemError("rule.refused", { rule: "CASE-14", why: "the link would close a circle / 传播链成环" });
  }
  await updateInfector(tx, record.id, input.infectorCaseId);
}

export const linkInfector = useCase(
  { name: "cases.linkInfector", permission: write, kind: "write", area: areaOfCase },
  async (tx, input: LinkInfector): Promise<Record<string, never>> => {
    await setInfector(tx, input);
    return {};
  },
);

/** One case with its history; nobody is named. */
export const getCase = useCase(
  { name: "cases.get", permission: read, kind: "read" },
  async (tx, input: OfCase): Promise<CaseDetail> => {
    const detail = await caseDetail(tx, input.caseId);
    if (!detail) throw notFound();
    return { ...detail, reclassifications: await reclassifications(tx, input.caseId) };
  },
);

/** The person behind a case; needs a reason, and the audit keeps who asked for whom. */
export const casePerson = useCase(
  { name: "cases.person", permission: "cases.person.read", kind: "read", personal: true, area: areaOfCase },
  async (tx, input: OfCase): Promise<CasePerson> => {
    const record = await caseById(tx, input.caseId);
    if (!record) throw notFound();
    const [card] = await personCards(tx, [record.personId]);
    if (!card) throw new ProblemError("record.notFound", { what: "person" });
    await tx.audit({
      action: "cases.person.read",
      subjectType: "case",
      subjectId: record.id,
      areaCode: record.areaCode,
    });
    return {
      caseId: record.id,
      personId: record.personId,
      name: card.name,
      sex: card.sex,
      birthDate: card.birthDate ?? null,
      areaCode: record.areaCode,
    };
  },
);
