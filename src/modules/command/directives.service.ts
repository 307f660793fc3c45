import { areasBelow } from "#modules/areas";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { completeTasks, createTasks, type NewTask } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type {
  DirectiveCard,
  DirectiveDetail,
  DirectiveKind,
  DirectiveRelayed,
  NewDirective,
  Relay,
  RelayQuery,
  RelayReport,
} from "./orders.model.ts";
import {
  commandDefaults,
  correctionDueAt,
  directiveTimes,
  nextRelayState,
  receiptLate,
  reportLate,
  type RelayAction,
} from "./orders.rules.ts";
import {
  directiveById,
  directiveOfDocument,
  insertDirective,
  insertRelays,
  lockRelay,
  nextDirectiveNo,
  pageDirectives,
  pageRelays,
  relaysOf,
  updateAccepted,
  updateReceived,
  updateRelaySentBack,
  updateReported,
  type DirectiveRow,
  type StoredRelay,
} from "./orders.store.ts";

const subjectType = "directiveRelay";

function taskOf(outbreak: Outbreak, kind: string, relay: { id: string; areaCode: string }, no: number, dueAt: Instant) {
  const task: NewTask = {
    outbreakId: outbreak.id,
    kind,
    areaCode: relay.areaCode,
    ownerTeam: "command",
    subjectType,
    subjectId: relay.id,
    params: { no },
    dueAt,
  };
  return task;
}

interface Relaying {
  readonly kind: DirectiveKind;
  readonly issuedBy: string;
  readonly documentNo?: string;
  readonly title: NewDirective["title"];
  readonly body: NewDirective["body"];
  readonly receivedAt: Instant;
  readonly reportDueAt?: Instant;
}

/**
 * Gives a directive its number and relays it to every county of the outbreak in one go, each with a task for
 * the receipt and one for the report. spec: DIR-1, DIR-2 (scenario Heze 2022)
 */
export async function relayToAll(tx: Tx, outbreak: Outbreak, input: Relaying): Promise<string> {
  const times = directiveTimes(outbreak.protocol.command ?? commandDefaults, input.receivedAt, tx.now);
  const directive: DirectiveRow = {
    ...times,
    id: tx.newId(),
    outbreakId: outbreak.id,
    areaCode: outbreak.areaCode,
    no: await nextDirectiveNo(tx, outbreak.id),
    kind: input.kind,
    issuedBy: input.issuedBy,
    documentNo: input.documentNo ?? null,
    title: input.title,
    body: input.body,
    receivedAt: input.receivedAt,
    reportDueAt: input.reportDueAt ?? times.reportDueAt,
  };
  await insertDirective(tx, directive);
  const counties = (await areasBelow(tx, outbreak.areaCode, "county")).map(({ code }) => code).toSorted();
  // An outbreak of one county has none below it: the directive is for that county itself.
  const codes = counties.length > 0 ? counties : [outbreak.areaCode];
  const ids = await insertRelays(tx, directive, codes);
  const relays = codes.map((areaCode, i) => ({ id: ids[i] ?? "", areaCode }));
  await createTasks(
    tx,
    relays.flatMap((relay) => [
      taskOf(outbreak, "receiveDirective", relay, directive.no, directive.receiptDueAt),
      taskOf(outbreak, "reportDirective", relay, directive.no, directive.reportDueAt),
    ]),
  );
  const data: DirectiveRelayed = {
    no: directive.no,
    kind: directive.kind,
    counties: codes.length,
    titleZh: directive.title["zh-CN"],
    titleEn: directive.title.en,
  };
  await tx.emit({
    name: "command.directiveRelayed",
    outbreakId: outbreak.id,
    areaCode: outbreak.areaCode,
    subjectType: "directive",
    subjectId: directive.id,
    data,
  });
  return directive.id;
}

function withLate(relay: StoredRelay, now: Instant): Relay {
  return { ...relay, receiptLate: receiptLate(relay, now), reportLate: reportLate(relay, now) };
}

async function detail(tx: Tx, id: string): Promise<DirectiveDetail> {
  const card = await directiveById(tx, id);
  if (card === undefined) throw new ProblemError("record.notFound", { what: "directive" });
  return { ...card, relays: (await relaysOf(tx, id)).map((relay) => withLate(relay, tx.now)) };
}

/** Relays a directive from above, or one of this command post, to all counties at once. spec: DIR-1 */
export const relayDirective = useCase(
  {
    name: "command.relayDirective",
    permission: "command.directive.write",
    kind: "write",
    area: async (_input: NewDirective, tx) => (await currentOutbreak(tx)).areaCode,
  },
  async (tx, input): Promise<DirectiveDetail> => {
    const outbreak = await currentOutbreak(tx);
    const receivedAt = input.receivedAt ?? tx.now;
    if (receivedAt > tx.now)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/receivedAt", detail: "is in the future" }]);
    if (input.reportDueAt !== undefined && input.reportDueAt <= tx.now)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/reportDueAt", detail: "is not in the future" }]);
    // spec: DIR-6: the same document is one directive, however often it is sent.
    const known = input.documentNo && (await directiveOfDocument(tx, outbreak.id, input.issuedBy, input.documentNo));
    return detail(tx, known ? known.id : await relayToAll(tx, outbreak, { ...input, receivedAt }));
  },
);

async function found(tx: Tx, id: string): Promise<StoredRelay> {
  const relay = await lockRelay(tx, id);
  if (relay === undefined) throw new ProblemError("record.notFound", { what: "directive" });
  return relay;
}

interface OneRelay {
  readonly id: string;
}
const areaOf = async ({ id }: OneRelay, tx: Tx): Promise<string> => (await found(tx, id)).areaCode;

/** The areas that judge a report: the command post's own, so that no county accepts for itself. */
const areaOfCommand = async (_input: OneRelay, tx: Tx): Promise<string> => (await currentOutbreak(tx)).areaCode;

async function step(
  tx: Tx,
  id: string,
  action: RelayAction,
  work: (relay: StoredRelay) => Promise<void>,
): Promise<Relay> {
  const relay = await found(tx, id);
  const next = nextRelayState(relay, action, tx.actor.id);
  if (!next.ok) throw new ProblemError(next.refusal.code, next.refusal.params);
  await work(relay);
  const outbreak = await currentOutbreak(tx);
  await tx.emit({
    name: "command.relayChanged",
    outbreakId: outbreak.id,
    areaCode: relay.areaCode,
    subjectType,
    subjectId: id,
    data: { no: relay.no, from: relay.state, to: next.value },
  });
  return withLate(await found(tx, id), tx.now);
}

/** A county says that a directive has reached it. spec: DIR-3 */
export const acknowledgeDirective = useCase(
  { name: "command.acknowledgeDirective", permission: "command.directive.receive", kind: "write", area: areaOf },
  (tx, { id }: OneRelay) =>
    step(tx, id, "acknowledge", async () => {
      await updateReceived(tx, id);
      await completeTasks(tx, {
        subjectType,
        subjectIds: [id],
        kind: "receiveDirective",
        evidence: { note: "received" },
      });
    }),
);

/** A county reports how it carried a directive out. spec: DIR-3 */
export const reportDirective = useCase(
  { name: "command.reportDirective", permission: "command.directive.receive", kind: "write", area: areaOf },
  (tx, { id, report, photos = [] }: OneRelay & RelayReport) =>
    step(tx, id, "report", async () => {
      await updateReported(tx, id, report, photos);
      await completeTasks(tx, {
        subjectType,
        subjectIds: [id],
        kind: "reportDirective",
        evidence: { note: "reported", files: [...photos] },
      });
    }),
);

/** The command post accepts a county's report; never by whoever reported. spec: DIR-4 (I12) */
export const acceptReport = useCase(
  { name: "command.acceptReport", permission: "command.directive.decide", kind: "write", area: areaOfCommand },
  (tx, { id }: OneRelay) => step(tx, id, "accept", () => updateAccepted(tx, id)),
);

/** The command post sends a report back with its reason; the county has a new task for it. spec: DIR-4 */
export const sendReportBack = useCase(
  { name: "command.sendReportBack", permission: "command.directive.decide", kind: "write", area: areaOfCommand },
  (tx, { id, reason }: OneRelay & { readonly reason: string }) =>
    step(tx, id, "sendBack", async (relay) => {
      const outbreak = await currentOutbreak(tx);
      const times = outbreak.protocol.command ?? commandDefaults;
      const dueAt = correctionDueAt(times, relay.reportDueAt, tx.now);
      await updateRelaySentBack(tx, id, reason, dueAt);
      await createTasks(tx, [taskOf(outbreak, "reportDirective", relay, relay.no, dueAt)]);
    }),
);

const read = { permission: "command.directive.read", kind: "read" } as const;

export const listDirectives = useCase(
  { name: "command.listDirectives", ...read },
  async (tx, query: { limit?: number; cursor?: string }): Promise<Page<DirectiveCard>> =>
    pageDirectives(tx, (await currentOutbreak(tx)).id, query),
);

export const getDirective = useCase({ name: "command.getDirective", ...read }, (tx, { id }: { id: string }) =>
  detail(tx, id),
);

/** One row a county and directive, late ones marked. */
export const listRelays = useCase(
  { name: "command.listRelays", ...read },
  async (tx, query: RelayQuery): Promise<Page<Relay>> => {
    const page = await pageRelays(tx, (await currentOutbreak(tx)).id, query);
    return { ...page, items: page.items.map((relay) => withLate(relay, tx.now)) };
  },
);
