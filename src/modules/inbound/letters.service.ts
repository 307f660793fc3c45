import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addMinutes } from "#kernel/time";
import { isDay } from "#domain/people";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { addArrivals, checkAreas, classify, inboundRules } from "./arrivals.service.ts";
import { lockArrivals } from "./arrivals.store.ts";
import type {
  Letter,
  LetterPerson,
  LetterPersonIn,
  LetterPersonQuery,
  LetterQuery,
  NewLetter,
  SetOutcomes,
} from "./control.model.ts";
import { last4, sealIdentity } from "./identity.ts";
import { mayAnswer } from "./inbound.rules.ts";
import {
  findLetter,
  insertLetter,
  insertLetterPeople,
  letterByReference,
  lockLetter,
  lockLetterPeople,
  pageLetterPeople,
  pageLetters,
  setLetter,
  setLetterOutcomes,
  type LetterPersonRow,
} from "./letters.store.ts";

async function areaOfLetter(input: { id: string }, tx: Tx): Promise<string> {
  return (await letterOf(tx, input.id)).areaCode;
}

async function letterOf(tx: Tx, id: string): Promise<Letter> {
  const found = await findLetter(tx, id);
  if (found === undefined) throw new ProblemError("record.notFound", { what: "letter" });
  return found;
}

/** Enters a letter with its people; the same reference of the same office is the same letter. spec: INB-8 */
export const enterLetter = useCase(
  {
    name: "inbound.enterLetter",
    permission: "inbound.letter.write",
    kind: "write",
    area: (of: NewLetter) => of.areaCode,
  },
  async (tx, input: NewLetter): Promise<Letter> => {
    await checkAreas(tx, [...new Set([input.areaCode, ...input.people.map((of) => of.areaCode)])]);
    if (input.people.some((of) => !isDay(of.leftOn)))
      throw new ProblemError("request.invalid", {}, [{ pointer: "/people", detail: "leftOn is not a day" }]);
    const { letter } = await storeLetter(tx, input);
    return letter;
  },
);

/** Stores a letter and gives its work in a caller's transaction; `known` when it was there already. */
export async function storeLetter(tx: Tx, input: NewLetter): Promise<{ letter: Letter; known: boolean }> {
  const outbreak = await currentOutbreak(tx);
  const { rule, answerMinutes } = inboundRules(outbreak).letter;
  const id = tx.newId();
  const dueAt = addMinutes(tx.now, answerMinutes);
  if (!(await insertLetter(tx, { ...input, id, outbreakId: outbreak.id, dueAt }))) {
    const known = await letterByReference(tx, input);
    if (known === undefined) throw new ProblemError("auth.outsideJurisdiction");
    return { letter: known, known: true };
  }
  await insertLetterPeople(tx, id, sealedPeople(tx, input.people));
  const task = { outbreakId: outbreak.id, subjectType: "letter", dueAt, params: { rule, direction: input.direction } };
  await createTasks(tx, [
    { ...task, kind: "letterAnswer", areaCode: input.areaCode, ownerTeam: "cdc", subjectId: id },
    // A letter of ours is answered elsewhere; only one to us sends our grid to the doors.
    ...(input.direction === "out"
      ? []
      : [...new Set(input.people.map((of) => of.areaCode))].map((areaCode) => ({
          ...task,
          kind: "letterVisit",
          areaCode,
          ownerTeam: "grid" as const,
          subjectType: "letterArea",
          subjectId: `${id} ${areaCode}`,
        }))),
  ]);
  await tx.emit({
    name: "inbound.letterEntered",
    outbreakId: outbreak.id,
    areaCode: input.areaCode,
    subjectType: "letter",
    subjectId: id,
    data: { direction: input.direction, people: input.people.length, dueAt },
  });
  return { letter: await letterOf(tx, id), known: false };
}

function sealedPeople(tx: Tx, people: readonly LetterPersonIn[]) {
  return people.map((of, i) => ({
    ...sealIdentity(tx.services.secrets, of),
    id: tx.newId(),
    areaCode: of.areaCode,
    line: i + 1,
    name: of.name,
    origin: of.origin,
    leftOn: of.leftOn,
  }));
}

/** The receipt: given by us for a letter in, got by us for a letter out. */
export const receiptLetter = useCase(
  { name: "inbound.receiptLetter", permission: "inbound.letter.write", kind: "write", area: areaOfLetter },
  async (tx, input: { id: string }): Promise<Letter> => {
    const letter = need(await lockLetter(tx, input.id), "its area was read in this transaction");
    if (letter.state !== "open") throw new ProblemError("state.notAllowed", { state: letter.state });
    await setLetter(tx, input.id, { state: "receipted", receipt: true });
    return letterOf(tx, input.id);
  },
);

/**
 * What was found of the people of a letter. Who is found here is an arrival, visited and classified at once; a
 * village enters the outcomes of its own people only. spec: INB-8
 */
export const setOutcomes = useCase(
  { name: "inbound.setOutcomes", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: SetOutcomes & { id: string }): Promise<{ set: number }> => {
    const asked = new Map(input.outcomes.map((row) => [row.line, row.outcome]));
    const people = await lockLetterPeople(tx, input.id, [...asked.keys()]);
    if (people.length !== asked.size) throw new ProblemError("record.notFound", { what: "letter person" });
    if (people.some((row) => row.outcome !== null)) throw new ProblemError("state.notAllowed", { state: "answered" });
    const found = people.filter((row) => asked.get(row.line) === "found");
    const entered = await enterFound(tx, found);
    await setLetterOutcomes(
      tx,
      people.map(({ id, line }) => ({
        id,
        outcome: need(asked.get(line), "the lines were asked for"),
        declarationId: entered.get(id) ?? null,
      })),
    );
    await completeTasks(tx, {
      subjectType: "letterArea",
      subjectIds: [...new Set(people.map((row) => `${input.id} ${row.areaCode}`))],
      evidence: { note: "checked at the door / 已上门核查" },
    });
    return { set: people.length };
  },
);

async function enterFound(tx: Tx, found: readonly LetterPersonRow[]): Promise<Map<string, string>> {
  if (found.length === 0) return new Map();
  const outbreak = await currentOutbreak(tx);
  const { secrets } = tx.services;
  const { rows, added } = await addArrivals(
    tx,
    outbreak,
    "letter",
    found.map((row) => ({
      areaCode: row.areaCode,
      name: row.name,
      origin: row.origin,
      leftOn: row.leftOn,
      ...(row.idKind === null || row.idEnc === null ? {} : { idKind: row.idKind, idNumber: secrets.open(row.idEnc) }),
      ...(row.phoneEnc === null ? {} : { phone: secrets.open(row.phoneEnc) }),
    })),
  );
  await classify(tx, outbreak, await lockArrivals(tx, [...added]));
  return new Map(
    found.flatMap((row, i) => {
      const id = rows[i]?.id ?? "";
      return added.has(id) ? [[row.id, id] as const] : [];
    }),
  );
}

/** The letter is answered: by us once everybody in it has an outcome, or by the others when theirs has come. spec: INB-8 */
export const answerLetter = useCase(
  { name: "inbound.answerLetter", permission: "inbound.letter.write", kind: "write", area: areaOfLetter },
  async (tx, input: { id: string }): Promise<Letter> => {
    const letter = need(await lockLetter(tx, input.id), "its area was read in this transaction");
    if (letter.state === "answered") throw new ProblemError("state.notAllowed", { state: letter.state });
    const pending = letter.direction === "out" ? 0 : letter.pending;
    const may = mayAnswer({ receipted: letter.receiptAt !== null, pending });
    if (!may.ok) throw new ProblemError(may.refusal.code, may.refusal.params);
    await setLetter(tx, input.id, { state: "answered", answer: true });
    await completeTasks(tx, {
      subjectType: "letter",
      subjectIds: [input.id],
      evidence: { note: "answered / 已复函" },
    });
    return letterOf(tx, input.id);
  },
);

export const listLetters = useCase(
  { name: "inbound.letters", permission: "inbound.letter.read", kind: "read" },
  (tx, query: LetterQuery): Promise<Page<Letter>> => pageLetters(tx, query),
);

/** The people of letters, for whoever goes to their doors; a personal read. */
export const listLetterPeople = useCase(
  { name: "inbound.letterPeople", permission: "inbound.letter.read", kind: "read", personal: true },
  async (tx, query: LetterPersonQuery): Promise<Page<LetterPerson>> => {
    const page = await pageLetterPeople(tx, query);
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    await tx.audit({
      action: "inbound.read",
      subjectType: "letter",
      subjectId: query.letterId ?? "",
      areaCode,
      count: page.items.length,
    });
    const items = page.items.map(({ idKind: _kind, idEnc, phoneEnc: _phone, ...row }) => ({
      ...row,
      idLast4: last4(tx.services.secrets, idEnc),
    }));
    return { items, next: page.next };
  },
);
