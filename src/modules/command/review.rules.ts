import { minutesBetween, type Instant } from "#kernel/time";

/** Days that 7-1-7 gives each of its three intervals (domain.md §5, 7-1-7; Frieden et al. 2021). */
export const sevenOneSeven = { detect: 7, notify: 1, respond: 7 } as const;
export type Stage = keyof typeof sevenOneSeven;

/** The actions without which the early response is not complete; each is measured by its first event. */
export const earlyActions = [
  { id: "held", event: "cases.held" },
  { id: "tested", event: "screening.roundClosed" },
  { id: "traced", event: "tracing.contactsIdentified" },
  { id: "placed", event: "isolation.placed" },
  { id: "zoned", event: "zones.published" },
  { id: "commanded", event: "command.briefingHeld" },
  { id: "told", event: "reports.published" },
] as const;
export type EarlyAction = (typeof earlyActions)[number]["id"];

export interface ReviewMoments {
  /** The earliest onset, or the earliest positive sample where nobody fell ill before. */
  readonly emergence: Instant | null;
  readonly detection: Instant | null;
  /** The first report to the network. */
  readonly notification: Instant | null;
  readonly actions: Readonly<Record<EarlyAction, Instant | null>>;
}

export interface StageResult {
  readonly stage: Stage;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Days with one decimal; null while an end is unknown. */
  readonly days: number | null;
  readonly targetDays: number;
  /** Null while the stage may still be in time. */
  readonly met: boolean | null;
}

const minutesPerDay = 1_440;

interface Span {
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly now: Instant;
}

function stageOf(stage: Stage, { from, to, now }: Span): StageResult {
  const targetDays = sevenOneSeven[stage];
  if (from === null || to === null) {
    // What has not happened by its last minute is missed already, whenever it may still happen.
    const missed = from !== null && minutesBetween(from, now) > targetDays * minutesPerDay;
    return { stage, from, to, days: null, targetDays, met: missed ? false : null };
  }
  const days = Math.max(0, Math.round((minutesBetween(from, to) / minutesPerDay) * 10) / 10);
  return { stage, from, to, days, targetDays, met: minutesBetween(from, to) <= targetDays * minutesPerDay };
}

/** The three intervals of 7-1-7; the response is complete with its last early action. spec: REV-1 */
export function reviewStages(moments: ReviewMoments, now: Instant): StageResult[] {
  const times = Object.values(moments.actions);
  const complete = times.every((at) => at !== null) ? (times.toSorted().at(-1) ?? null) : null;
  return [
    stageOf("detect", { from: moments.emergence, to: moments.detection, now }),
    stageOf("notify", { from: moments.detection, to: moments.notification, now }),
    stageOf("respond", { from: moments.notification, to: complete, now }),
  ];
}
