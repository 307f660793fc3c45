import { ProblemError } from "#kernel/errors";
import { areaByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { AskForHelp, PublicQuery, RequestDetail, RequestRow, RequestStatus } from "./public.model.ts";
import { publicDefaults, requestDueAt } from "./public.rules.ts";
import {
  findRequest,
  insertRequest,
  pageRequests,
  requestByReceipt,
  updateAnswered,
  updateConfirmed,
  type StoredRequest,
} from "./public.store.ts";

/** Letters and digits that are not mistaken for each other when read aloud. */
const receiptLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const receiptChars = 10;

function newReceipt(tx: Tx): string {
  return Array.from({ length: receiptChars }, () => receiptLetters[tx.prng.int(receiptLetters.length)]).join("");
}

function rowOf(tx: Tx, stored: StoredRequest): RequestRow {
  const { textEnc: _text, phoneEnc: _phone, answer: _answer, answeredBy: _by, ...row } = stored;
  return { ...row, late: (row.answeredAt ?? tx.now) > row.dueAt };
}

function statusOf({ receipt, kind, state, askedAt, dueAt, answer }: StoredRequest): RequestStatus {
  return { receipt, kind, state, askedAt, dueAt, answer };
}

/** Takes a resident's request and gives it to the grid of their village with a deadline. spec: PUB-5 */
export const askForHelp = useCase(
  { name: "reports.askForHelp", permission: "reports.public.write", kind: "write" },
  async (tx, input: AskForHelp): Promise<RequestStatus> => {
    const outbreak = await currentOutbreak(tx);
    if (!(await areaByCode(tx, input.areaCode))) throw new ProblemError("record.notFound", { what: "area" });
    const id = tx.newId();
    const dueAt = requestDueAt(outbreak.protocol.publicInformation ?? publicDefaults, input.kind, tx.now);
    const receipt = newReceipt(tx);
    await insertRequest(tx, {
      id,
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      receipt,
      kind: input.kind,
      textEnc: tx.services.secrets.seal(input.text),
      phoneEnc: input.phone === undefined ? null : tx.services.secrets.seal(input.phone),
      dueAt,
    });
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: "answerRequest",
        areaCode: input.areaCode,
        ownerTeam: "grid",
        subjectType: "request",
        subjectId: id,
        params: { kind: input.kind },
        dueAt,
      },
    ]);
    await tx.emit({
      name: "reports.requestAsked",
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      subjectType: "request",
      subjectId: id,
      data: { kind: input.kind, dueAt },
    });
    return { receipt, kind: input.kind, state: "asked", askedAt: tx.now, dueAt, answer: null };
  },
);

async function byReceipt(tx: Tx, receipt: string): Promise<StoredRequest> {
  const stored = await requestByReceipt(tx, receipt.trim().toUpperCase());
  if (!stored) throw new ProblemError("record.notFound", { what: "request" });
  return stored;
}

/** What became of a request; whoever holds its receipt may ask. */
export const requestStatus = useCase(
  { name: "reports.requestStatus", permission: "reports.public.read", kind: "read" },
  async (tx, { receipt }: { receipt: string }): Promise<RequestStatus> => statusOf(await byReceipt(tx, receipt)),
);

/** The resident says that the help came. */
export const confirmRequest = useCase(
  { name: "reports.confirmRequest", permission: "reports.public.write", kind: "write" },
  async (tx, { receipt }: { receipt: string }): Promise<RequestStatus> => {
    const stored = await byReceipt(tx, receipt);
    if ((await updateConfirmed(tx, stored.receipt)) === 0)
      throw new ProblemError("state.notAllowed", { state: stored.state });
    return statusOf(await byReceipt(tx, receipt));
  },
);

/** Requests of an area, the most urgent first; without what residents wrote. */
export const listRequests = useCase(
  { name: "reports.listRequests", permission: "reports.request.read", kind: "read" },
  async (tx, query: PublicQuery): Promise<Page<RequestRow>> => {
    const page = await pageRequests(tx, query);
    return { items: page.items.map((stored) => rowOf(tx, stored)), next: page.next };
  },
);

async function one(tx: Tx, id: string): Promise<StoredRequest> {
  const stored = await findRequest(tx, id);
  if (!stored) throw new ProblemError("record.notFound", { what: "request" });
  return stored;
}

/** The whole request, for those who answer it. */
export const getRequest = useCase(
  { name: "reports.getRequest", permission: "reports.request.read", kind: "read", personal: true },
  async (tx, { id }: { id: string }): Promise<RequestDetail> => {
    const stored = await one(tx, id);
    await tx.audit({ action: "reports.getRequest", subjectType: "request", subjectId: id, areaCode: stored.areaCode });
    const { secrets } = tx.services;
    return {
      ...rowOf(tx, stored),
      text: secrets.open(stored.textEnc),
      phone: stored.phoneEnc === null ? null : secrets.open(stored.phoneEnc),
      answer: stored.answer,
      answeredBy: stored.answeredBy,
    };
  },
);

const areaOf = async ({ id }: { id: string }, tx: Tx) => (await one(tx, id)).areaCode;

/** Answers a request, or says who will; only an answer ends its task. */
export const answerRequest = useCase(
  {
    name: "reports.answerRequest",
    permission: "reports.request.answer",
    kind: "write",
    area: areaOf,
  },
  async (tx, { id, answer, referred }: { id: string; answer: string; referred?: boolean }): Promise<RequestRow> => {
    const stored = await one(tx, id);
    if (stored.state === "answered" || stored.state === "confirmed")
      throw new ProblemError("state.notAllowed", { state: stored.state });
    await updateAnswered(tx, id, answer, referred ?? false);
    if (!referred)
      await completeTasks(tx, { subjectType: "request", subjectIds: [id], evidence: { note: "answered" } });
    return rowOf(tx, await one(tx, id));
  },
);
