import { ProblemError } from "#kernel/errors";
import { addDays, addHours, dayOf, type Day } from "#kernel/time";
import { probeMeasures, type Sentinel } from "#domain/outbreaks";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import { resultsOf } from "#modules/screening";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { insertAlerts, lockAlert, pageAlerts, updateAlert, type NewAlert } from "./alerts.store.ts";
import type { Alert, AlertQuery, SignalState } from "./sentinel.model.ts";
import { aberrationOf, afterTest, answerAlert } from "./sentinel.rules.ts";
import { updateSignals, waitingSignals, type SignalFacts } from "./signals.store.ts";
import { daySums, type DaySum } from "./units.store.ts";

/** What the clock and the laboratories bring: alerts on the counts, results for the signals. */

const countyDigits = 6;

/** The aberrations of a day in the sums of counties and towns. */
function aberrationsOn(sentinel: Sentinel, sums: readonly DaySum[], day: Day): NewAlert[] {
  const byArea = new Map<string, Map<Day, DaySum>>();
  for (const row of sums) {
    const days = byArea.get(row.areaCode) ?? new Map<Day, DaySum>();
    days.set(row.day, row);
    byArea.set(row.areaCode, days);
  }
  const found: NewAlert[] = [];
  for (const [areaCode, days] of byArea) {
    if (!days.has(day)) continue;
    for (const measure of probeMeasures) {
      const counts = Array.from({ length: sentinel.history.days + 1 }, (_, i) => {
        return days.get(addDays(day, i - sentinel.history.days))?.[measure] ?? null;
      });
      const aberration = aberrationOf(sentinel, { measure, counts });
      const level = areaCode.length === countyDigits ? ("county" as const) : ("town" as const);
      if (aberration) found.push({ areaCode, level, measure, day, ...aberration });
    }
  }
  return found;
}

/** Repeating duty: holds yesterday and today against their history; each aberration is one alert to verify. spec: SEN-8 */
export async function watchCounts(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  const sentinel = outbreak?.protocol.sentinel;
  if (!outbreak || !sentinel) return;
  const today = dayOf(tx.now, outbreak.timeZone);
  const yesterday = addDays(today, -1);
  const sums = await daySums(tx, addDays(yesterday, -sentinel.history.days), today);
  const found = [...aberrationsOn(sentinel, sums, yesterday), ...aberrationsOn(sentinel, sums, today)];
  if (found.length === 0) return;
  const verifyDueAt = addHours(tx.now, sentinel.verifyHours);
  const facts = { outbreakId: outbreak.id, protocolVersion: outbreak.protocolVersion, verifyDueAt };
  const stored = await insertAlerts(tx, facts, found);
  await createTasks(
    tx,
    stored.map((alert) => ({
      outbreakId: outbreak.id,
      kind: "sentinelVerify",
      areaCode: alert.areaCode,
      ownerTeam: "cdc" as const,
      subjectType: "probeAlert",
      subjectId: alert.id,
      params: { measure: alert.measure, day: alert.day, rule: "SEN-8" },
      dueAt: verifyDueAt,
    })),
  );
  for (const alert of stored)
    await tx.emit({
      name: "sentinel.alertRaised",
      outbreakId: outbreak.id,
      areaCode: alert.areaCode,
      subjectType: "probeAlert",
      subjectId: alert.id,
      data: { measure: alert.measure, day: alert.day },
    });
}

async function areaOfAlert(input: { id: string }, tx: Tx): Promise<string> {
  const alert = await lockAlert(tx, input.id);
  if (!alert) throw new ProblemError("record.notFound", { what: "alert" });
  return alert.areaCode;
}

/** Answers an alert: something is there, or why not. Nothing becomes a case by it. spec: SEN-9 */
export const verifyAlert = useCase(
  { name: "sentinel.verifyAlert", permission: "sentinel.alert.write", kind: "write", area: areaOfAlert },
  async (tx, input: { id: string; real: boolean; reason?: string }): Promise<Alert> => {
    const alert = await lockAlert(tx, input.id);
    if (!alert) throw new ProblemError("record.notFound", { what: "alert" });
    const next = answerAlert(alert.state, input.real, input.reason ?? null);
    if (!next.ok) throw new ProblemError(next.refusal.code, next.refusal.params);
    await updateAlert(tx, alert.id, next.value, input.reason ?? null);
    await completeTasks(tx, {
      subjectType: "probeAlert",
      subjectIds: [alert.id],
      evidence: { note: input.reason ?? next.value },
    });
    const outbreak = await currentOutbreak(tx);
    await tx.emit({
      name: "sentinel.alertAnswered",
      outbreakId: outbreak.id,
      areaCode: alert.areaCode,
      subjectType: "probeAlert",
      subjectId: alert.id,
      data: { state: next.value },
    });
    return { ...alert, state: next.value, answeredAt: tx.now, reason: input.reason ?? null };
  },
);

export const listAlerts = useCase(
  { name: "sentinel.alerts", permission: "sentinel.alert.read", kind: "read" },
  (tx, query: AlertQuery) => pageAlerts(tx, query),
);

const followDays = 10;
const followMax = 5_000;

/** Repeating duty: negatives of area rounds tell nobody, so the results of signalled people are looked up. spec: SEN-10 */
export async function followTests(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (!outbreak?.protocol.sentinel) return;
  await settle(tx, await waitingSignals(tx, { since: addHours(tx.now, -24 * followDays), limit: followMax }));
}

/** Reaction to results: the signals of these people get their answer at once. */
export async function settleResults(tx: Tx, personIds: readonly number[]): Promise<void> {
  if (personIds.length === 0) return;
  await settle(
    tx,
    await waitingSignals(tx, { since: addHours(tx.now, -24 * followDays), limit: followMax, personIds }),
  );
}

async function settle(tx: Tx, signals: readonly SignalFacts[]): Promise<void> {
  const first = signals[0];
  if (!first) return;
  const results = await resultsOf(
    tx,
    signals.map((signal) => signal.personId),
    first.at,
  );
  const moves = signals.flatMap((signal): { id: string; state: SignalState }[] => {
    const own = results.filter((row) => row.personId === signal.personId && row.sampledAt >= signal.at);
    const state = afterTest(own);
    return state === null || state === signal.state ? [] : [{ id: signal.id, state }];
  });
  if (moves.length === 0) return;
  await updateSignals(
    tx,
    moves.map((move) => ({ ...move, reason: null, visited: false })),
  );
  const answered = moves.filter(({ state }) => state !== "tested").map(({ id }) => id);
  if (answered.length === 0) return;
  await completeTasks(tx, {
    subjectType: "probeSignal",
    subjectIds: answered,
    kind: "sentinelTest",
    evidence: { note: "SEN-10" },
  });
  // Tested before anybody came to the door: the visit has nothing left to find out.
  await cancelTasks(tx, { subjectType: "probeSignal", subjectIds: answered, kind: "sentinelVisit" });
}
