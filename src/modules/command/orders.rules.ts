import type { CommandTimes, Protocol } from "#domain/outbreaks";
import { ok, refuse, type Result } from "#kernel/result";
import { addHours, type Instant } from "#kernel/time";
import type { RelayState } from "./orders.model.ts";

/** What the system takes when a protocol says nothing of the command post's own times. */
export const commandDefaults: CommandTimes = {
  rule: "DIR-TIME",
  relayHours: 1,
  receiptHours: 2,
  reportHours: 24,
  correctionHours: 12,
  minutesHours: 4,
  reopeningHours: 24,
  preconditions: [{ rule: "REO-ZONES", measure: "zonesAboveLow", op: "atMost", value: 0 }],
};

export interface DirectiveTimes {
  readonly relayDueAt: Instant;
  readonly receiptDueAt: Instant;
  readonly reportDueAt: Instant;
}

/** When every county must have a directive, have acknowledged it and have reported. spec: DIR-1, DIR-2 */
export function directiveTimes(times: CommandTimes, receivedAt: Instant, relayedAt: Instant): DirectiveTimes {
  return {
    relayDueAt: addHours(receivedAt, times.relayHours),
    receiptDueAt: addHours(relayedAt, times.receiptHours),
    reportDueAt: addHours(relayedAt, times.reportHours),
  };
}

/** What can be done with a relay. */
export type RelayAction = "acknowledge" | "report" | "accept" | "sendBack";

const allowed: Readonly<Record<RelayAction, readonly RelayState[]>> = {
  acknowledge: ["relayed"],
  report: ["received", "sentBack"],
  accept: ["reported"],
  sendBack: ["reported"],
};
const reached: Readonly<Record<RelayAction, RelayState>> = {
  acknowledge: "received",
  report: "reported",
  accept: "accepted",
  sendBack: "sentBack",
};

/** The state a relay goes to, or why not; who reported does not accept. spec: DIR-3, DIR-4 */
export function nextRelayState(
  relay: { readonly state: RelayState; readonly reportedBy: string | null },
  action: RelayAction,
  actorId: string,
): Result<RelayState> {
  if (!allowed[action].includes(relay.state)) return refuse("state.notAllowed", { state: relay.state });
  const judging = action === "accept" || action === "sendBack";
  if (judging && relay.reportedBy === actorId)
    return refuse("rule.refused", { rule: "DIR-4", why: "another person accepts the report / 报告须由他人审核" });
  return ok(reached[action]);
}

interface RelayTimes {
  readonly state: RelayState;
  readonly receiptDueAt: Instant;
  readonly receivedAt: Instant | null;
  readonly reportDueAt: Instant;
  readonly reportedAt: Instant | null;
}

/** A receipt that came after its deadline, or has not come by now. spec: DIR-2 */
export function receiptLate(relay: RelayTimes, now: Instant): boolean {
  return (relay.receivedAt ?? now) > relay.receiptDueAt;
}

/** A report that came after its deadline, or is not there by now; one sent back is not there. spec: DIR-2 */
export function reportLate(relay: RelayTimes, now: Instant): boolean {
  const reported = relay.state === "reported" || relay.state === "accepted";
  return (reported ? (relay.reportedAt ?? now) : now) > relay.reportDueAt;
}

/** When a report that was sent back must come again; never sooner than the first deadline. spec: DIR-4 */
export function correctionDueAt(times: CommandTimes, reportDueAt: Instant, now: Instant): Instant {
  const correction = addHours(now, times.correctionHours);
  return correction > reportDueAt ? correction : reportDueAt;
}

interface BothTexts {
  readonly "zh-CN": string;
  readonly en: string;
}

/** The directive that a change of the response level makes: what comes into force, or what ends. spec: DIR-5, CMD-3 */
export function levelDirective(
  protocol: Protocol,
  from: string,
  to: string,
): { readonly title: BothTexts; readonly body: BothTexts } {
  const levels = protocol.responseLevels;
  const at = (level: string): number => levels.findIndex((row) => row.level === level);
  const raised = at(to) > at(from);
  const [low, high] = raised ? [at(from), at(to)] : [at(to), at(from)];
  const measures = levels.slice(low + 1, high + 1).flatMap((row) => row.measures.map((measure) => measure.name));
  const name = levels[at(to)]?.name ?? { "zh-CN": to, en: to };
  const listed = (language: keyof BothTexts): string => measures.map((row) => `- ${row[language]}`).join("\n");
  return {
    title: {
      "zh-CN": `响应级别${raised ? "提升" : "下调"}为${name["zh-CN"]}`,
      en: `Response level ${raised ? "raised" : "lowered"} to ${name.en}`,
    },
    body: {
      "zh-CN": `${raised ? "即日起新增执行：" : "即日起停止执行："}\n${listed("zh-CN")}`,
      en: `${raised ? "In force from now on, in addition:" : "No longer in force:"}\n${listed("en")}`,
    },
  };
}
