/** What a round saw of an area. */
export interface RoundSeen {
  readonly openedAt: string;
  readonly due: number;
  readonly sampled: number;
  readonly excused: number;
}

/** The gaps between the register of people and a round; null where no round was held. spec: REP-BASE */
export function baseGaps(registered: number, seen: RoundSeen | undefined) {
  if (!seen)
    return { roundOpenedAt: null, due: null, sampled: null, excused: null, notDue: null, notSeen: null } as const;
  return {
    roundOpenedAt: seen.openedAt,
    due: seen.due,
    sampled: seen.sampled,
    excused: seen.excused,
    // A round may ask for more than the register holds: then nobody of the register was left out.
    notDue: Math.max(0, registered - seen.due - seen.excused),
    notSeen: Math.max(0, seen.due - seen.sampled),
  };
}
