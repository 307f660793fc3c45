import { areaRange, type AreaRange } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import type { Clock } from "#kernel/time";
import { identitiesOf, type PermissionsOf, type TokenKind } from "./accounts.ts";
import { tally } from "./audit.tally.ts";
import type { Actor, BareTx } from "./context.ts";
import type { Database, Sql } from "./db.ts";
import { setBounds } from "./fence.ts";
import type { GroupLimits } from "./group.ts";
import { inTurn, type Pipeline } from "./pipeline.ts";
import { useCase, type UseCase } from "./usecase.ts";

/** One call that waits for its group: who asks, by a token that is looked at when the group's turn comes, and what for. */
export interface Asked<I> {
  readonly token: string;
  readonly kind: TokenKind;
  readonly input: I;
}

/** One call of a group whose sender is known and may make it. */
export interface GroupCall<I> {
  readonly actor: Actor;
  readonly input: I;
}

/** What became of a group's calls: those refused by rule, by their place, and the answers to the others, still under way. */
export interface GroupWork<O> {
  readonly refused: ReadonlyMap<number, ProblemError>;
  /** By place, with anything at the places of the refused. */
  readonly stored: Promise<readonly O[]>;
}

/** What a process needs to do a group of calls. */
export interface GroupHost {
  readonly pipeline: Pick<Pipeline, "transaction">;
  readonly db: Database;
  /** The outbreak's clock: virtual in a drill. */
  readonly clock: Clock;
  /** The machine's clock, for sessions. */
  readonly wall: Clock;
  readonly permissionsOf: PermissionsOf;
}

/** A use case that may be called by itself, and whose calls from outside share a transaction. */
export interface GroupCase<I, O> extends UseCase<I, O> {
  readonly together: Together<I, O>;
  readonly group: GroupDef;
}

/** Does a group of calls; each is answered, or refused, by its place. What it throws fails the whole group. */
type Together<I, O> = (host: GroupHost, asked: readonly Asked<I>[]) => Promise<readonly (O | ProblemError)[]>;

/** How the calls of one use case are gathered in a process. */
export interface GroupDef {
  readonly limits: GroupLimits;
  /** The largest body of a request. */
  readonly bodyBytesMax: number;
  /** The work uses COPY, for which a pipeline's connections are not made. */
  readonly copies: boolean;
}

/**
 * How a process gathers the calls of a use case. Alone it has the next group under way while the one before is written; of
 * several processes on a machine one works while another waits, and each does one group at a time, as large as those
 * together: half as many statements and commits for a call.
 */
export function limitsOf({ limits, copies }: GroupDef, oneOfSeveral: boolean): GroupLimits {
  if (copies || !oneOfSeveral) return limits;
  return { ...limits, callsMax: limits.callsMax * limits.flightsMax, flightsMax: 1 };
}

export interface GroupCaseDef {
  readonly name: string;
  readonly permission: string;
  readonly group: GroupDef;
}

/** The smallest range that holds every area; row-level security binds the group to it, the work each call to its own. */
function rangeOver(calls: readonly GroupCall<unknown>[]): AreaRange {
  let lo: string | undefined;
  let hi = "";
  for (const { actor } of calls) {
    const range = areaRange(actor.areaCode);
    if (lo === undefined || range.lo < lo) lo = range.lo;
    if (range.hi > hi) hi = range.hi;
  }
  return { lo: lo ?? "", hi };
}

/** Who sends each call; a token is looked up once for all calls of the group that bear it. */
async function actorsOf(
  sql: Sql,
  host: GroupHost,
  asked: readonly Asked<unknown>[],
): Promise<readonly (Actor | undefined)[]> {
  const places = { session: new Map<string, number>(), api_token: new Map<string, number>() };
  const tokens: Asked<unknown>[] = [];
  const placeOf = asked.map((call) => {
    const known = places[call.kind];
    let place = known.get(call.token);
    if (place === undefined) {
      place = tokens.push(call) - 1;
      known.set(call.token, place);
    }
    return place;
  });
  const actors = await identitiesOf(sql, tokens, host.wall.now(), host.permissionsOf);
  return placeOf.map((place) => actors.get(place));
}

/**
 * Makes a use case whose calls share a transaction. For every call: its token lives, its sender may make it, the
 * senders' areas bind the transaction, the work holds each call to its sender's own; the audit gets a line a sender every few
 * minutes (audit.tally.ts).
 * A repeat must be the same by what it writes, since no key is kept.
 */
export function groupCase<I, O>(
  def: GroupCaseDef,
  work: (tx: BareTx, calls: readonly GroupCall<I>[]) => Promise<GroupWork<O>>,
): GroupCase<I, O> {
  const { name, permission, group } = def;
  const alone = useCase<I, O>({ name, permission, kind: "write" }, async (tx, input) => {
    const { refused, stored } = await work({ sql: inTurn(tx.sql), now: tx.now, db: tx.db }, [
      { actor: tx.actor, input },
    ]);
    const refusal = refused.get(0);
    const [answer] = await stored;
    if (refusal) throw refusal;
    return answer as O;
  });

  async function together(host: GroupHost, asked: readonly Asked<I>[]): Promise<readonly (O | ProblemError)[]> {
    return host.pipeline.transaction(async (sql) => {
      const actors = await actorsOf(sql, host, asked);
      const answers: (O | ProblemError)[] = [];
      const calls: GroupCall<I>[] = [];
      const places: number[] = [];
      asked.forEach(({ input }, place) => {
        const actor = actors[place];
        if (!actor) answers[place] = new ProblemError("auth.required");
        else if (!actor.permissions.has(permission))
          answers[place] = new ProblemError("auth.forbidden", { permission });
        else places[calls.push({ actor, input }) - 1] = place;
      });
      if (calls.length === 0) return { last: Promise.resolve(answers) };
      const tx: BareTx = { sql, now: host.clock.now(), db: host.db };
      const entered = setBounds(sql, rangeOver(calls));
      const { refused, stored } = await work(tx, calls);
      const taken = calls.filter((_, i) => !refused.has(i));
      const audited = tally(
        sql,
        name,
        taken.map(({ actor }) => actor),
        tx.now,
      );
      const last = Promise.all([stored, entered, audited]).then(([outputs]) => {
        places.forEach((place, i) => (answers[place] = refused.get(i) ?? (outputs[i] as O)));
        return answers;
      });
      return { last };
    });
  }
  return Object.assign(alone, { together, group });
}
