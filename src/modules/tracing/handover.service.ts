import { outbreakById } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { contactById, setHandedOver } from "./contacts.store.ts";
import { answerHandover, insertHandover, lockHandover, pageHandovers } from "./handover.store.ts";
import type { AnswerHandOver, ContactHandedOverData, HandOver, Handover, HandoverQuery } from "./tracing.model.ts";
import { answerDue } from "./tracing.rules.ts";
import { areaOfContact, missing, openContact } from "./tracing.service.ts";

/** Handing a contact over to the county where the person is. spec: TRACE-11 */

const write = "tracing.contact.write";

/** Offers a contact to another county, which must accept or refuse by a deadline. */
export const handOver = useCase(
  { name: "tracing.handOver", permission: write, kind: "write", area: areaOfContact },
  async (tx, input: HandOver): Promise<{ handoverId: string; dueAt: string }> => {
    const contact = await openContact(tx, input.contactId);
    if (isWithin(contact.areaCode, input.toArea))
      throw new ProblemError("rule.refused", {
        rule: "TRACE-11",
        why: "the contact is in that area already / 该人员已在该辖区",
      });
    const outbreak = await outbreakById(tx, contact.outbreakId);
    const outside = !isWithin(input.toArea, outbreak.areaCode);
    const dueAt = answerDue(outbreak.protocol, tx.now, contact.dueAt);
    const id = tx.newId();
    await tx.emit({
      name: "tracing.handOverOffered",
      outbreakId: outbreak.id,
      areaCode: contact.areaCode,
      subjectType: "handover",
      subjectId: id,
      data: {
        handoverId: id,
        contactId: contact.id,
        fromArea: contact.areaCode,
        toArea: input.toArea,
        outside,
        note: input.note,
        dueAt,
      } satisfies HandOverOffered,
    });
    return { handoverId: id, dueAt };
  },
);

export interface HandOverOffered {
  readonly handoverId: string;
  readonly contactId: string;
  readonly fromArea: string;
  readonly toArea: string;
  readonly outside: boolean;
  readonly note: string;
  readonly dueAt: string;
}

/** Reaction: the offer is written into the other county's books, which the offering county cannot do itself. */
export async function recordOffer(tx: Tx, offer: HandOverOffered): Promise<void> {
  const contact = need(await contactById(tx, offer.contactId), "the contact was offered just now");
  const stored = await insertHandover(tx, {
    id: offer.handoverId,
    outbreakId: contact.outbreakId,
    contactId: contact.id,
    toArea: offer.toArea,
    fromArea: offer.fromArea,
    outside: offer.outside,
    note: offer.note,
    dueAt: offer.dueAt,
  });
  if (!stored) throw new ProblemError("record.duplicate", { what: "hand-over" });
  await createTasks(tx, [
    {
      outbreakId: contact.outbreakId,
      kind: "answerHandOver",
      ownerTeam: "tracing",
      areaCode: offer.toArea,
      subjectType: "handover",
      subjectId: offer.handoverId,
      params: { from: offer.fromArea },
      dueAt: offer.dueAt,
    },
  ]);
}

interface OfHandover {
  readonly handoverId: string;
}

async function areaOfHandover(input: OfHandover, tx: Tx): Promise<string> {
  return (await found(tx, input.handoverId)).areaCode;
}

async function found(tx: Tx, id: string) {
  const row = await lockHandover(tx, id);
  if (!row) throw missing("hand-over");
  return row;
}

async function answered(tx: Tx, input: AnswerHandOver, answer: "accepted" | "refused"): Promise<void> {
  const row = await found(tx, input.handoverId);
  if (row.answer !== null) throw new ProblemError("state.notAllowed", { state: row.answer });
  await answerHandover(tx, row.id, answer, input.reason ?? null);
  await completeTasks(tx, { subjectType: "handover", subjectIds: [row.id], evidence: { note: `${answer} / 已答复` } });
  await tx.emit({
    name: `tracing.handOver${answer === "accepted" ? "Accepted" : "Refused"}`,
    outbreakId: row.outbreakId,
    areaCode: row.areaCode,
    subjectType: "handover",
    subjectId: row.id,
    data: {
      handoverId: row.id,
      contactId: row.contactId,
      toArea: row.areaCode,
      outside: row.outside,
    } satisfies HandOverAnswered,
  });
}

export interface HandOverAnswered {
  readonly handoverId: string;
  readonly contactId: string;
  readonly toArea: string;
  readonly outside: boolean;
}

/** Reaction: from now on the contact is the accepting county's. */
export async function moveContact(tx: Tx, answer: HandOverAnswered): Promise<void> {
  const contact = need(await contactById(tx, answer.contactId), "the contact was handed over just now");
  await setHandedOver(tx, contact.id, answer.toArea, answer.outside);
  const data: ContactHandedOverData = {
    contactId: contact.id,
    personId: contact.personId,
    from: contact.areaCode,
    to: answer.toArea,
    outside: answer.outside,
  };
  await tx.emit({
    name: "tracing.contactHandedOver",
    outbreakId: contact.outbreakId,
    areaCode: answer.outside ? contact.areaCode : answer.toArea,
    subjectType: "contact",
    subjectId: contact.id,
    data,
  });
}

export const acceptHandOver = useCase(
  { name: "tracing.acceptHandOver", permission: write, kind: "write", area: areaOfHandover },
  async (tx, input: AnswerHandOver): Promise<Record<string, never>> => {
    await answered(tx, input, "accepted");
    return {};
  },
);

/** Refuses an offered contact; needs a reason, and the contact stays with the county that offered it. */
export const refuseHandOver = useCase(
  { name: "tracing.refuseHandOver", permission: write, kind: "write", area: areaOfHandover },
  async (tx, input: AnswerHandOver): Promise<Record<string, never>> => {
    if (input.reason === undefined)
      throw new ProblemError("rule.refused", { rule: "TRACE-11", why: "a refusal needs a reason / 拒收须说明理由" });
    await answered(tx, input, "refused");
    return {};
  },
);

/** Hand-overs an area must answer or has answered, newest first. */
export const listHandovers = useCase(
  {
    name: "tracing.listHandovers",
    permission: "tracing.contact.read",
    kind: "read",
    area: (input: HandoverQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, query): Promise<Page<Handover>> => pageHandovers(tx, query),
);
