import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { currentOutbreak } from "#modules/outbreaks";
import { siteOrNone } from "./boxes.service.ts";
import { ensureBoxes } from "./boxes.store.ts";
import type { SampleMoved, TubesEnded } from "./events.model.ts";
import { areaNamesOf, personNamesOf } from "./screening.names.ts";
import { openPurposeRound } from "./rounds.service.ts";
import { enterBulk } from "./rounds.store.ts";
import {
  type BadRow,
  type EndAnswer,
  type EndTubes,
  type MoveSample,
  type TubeDetail,
  type TubeQuery,
  type UploadAnswer,
  uploadPeopleMax,
  type UploadTubes,
} from "./screening.model.ts";
import {
  admitUpload,
  type Admission,
  moveRefusal,
  planUpload,
  stageOf,
  standingDay,
  type Stage,
} from "./screening.rules.ts";
import { pageTubes, tubeMembers, tubesById, tubeTrace } from "./tubelist.store.ts";
import { endTubes, lockTubeOf, lockTubes, moveOne, type EndedTube, type TubeRow } from "./tubes.store.ts";
import { foundOf, placeOf, storeUpload, tubesThere, type UploadBox, type UploadPlace } from "./upload.store.ts";

/** One site's device tells a tube or two at a time; an offline one has its whole evening to tell. */
const smallUploadPeople = 200;

const tubeDef = { permission: "screening.tube.write", kind: "write" } as const;

/**
 * Registers tubes and the people in them, up to 5,000 people from one site's device. What is good is
 * stored; every bad row comes back with its tube and field. Late uploads stand where their box stands.
 */
export const uploadTubes = useCase(
  { name: "screening.uploadTubes", ...tubeDef },
  async (tx, input: UploadTubes): Promise<UploadAnswer> => {
    const people = input.tubes.reduce((sum, tube) => sum + tube.personIds.length, 0);
    if (people > uploadPeopleMax) throw new ProblemError("limit.exceeded", { limit: uploadPeopleMax });
    const roundId = await roundOf(tx, input);
    await enterBulk(tx, people > smallUploadPeople ? "byKey" : "once");
    const { place, box } = await uploadInto(tx, { ...input, roundId });
    const plan = planUpload(input.tubes, { pool: place.poolSize, household: place.householdSize }, tx.now);
    const there = await tubesThere(
      tx,
      plan.tubes.flatMap((tube) => tube.recheckOf ?? []),
    );
    const orphans = plan.tubes.filter((tube) => tube.recheckOf !== null && !there.has(tube.recheckOf));
    const { known, faults } = await foundOf(
      tx,
      place.roundId,
      plan.tubes.map((tube) => tube.barcode),
      plan.tubes.flatMap((tube) => tube.personIds),
    );
    const admission = admitUpload(
      plan.tubes.filter((tube) => !orphans.includes(tube)),
      { roundId: place.roundId, siteId: place.siteId },
      known,
      faults,
    );
    const stored = await store(tx, place, box, admission);
    const orphanRows = orphans.map((tube): BadRow => ({
      barcode: tube.barcode,
      field: "recheckOf",
      code: "recheckUnknown",
    }));
    return {
      boxId: box.id,
      ...stored,
      already: admission.already,
      bad: [...plan.bad, ...orphanRows, ...admission.bad],
    };
  },
);

/** The round that is named, or the standing one of the site's county; exactly one of them is asked for. spec: SCR-13 */
async function roundOf(tx: Tx, input: UploadTubes): Promise<string> {
  const { roundId, purpose, tubes } = input;
  if ((roundId === undefined) === (purpose === undefined))
    throw new ProblemError("request.invalid", {}, [
      { pointer: roundId === undefined ? "/roundId" : "/purpose", detail: oneOfTwo[tx.lang] },
    ]);
  if (purpose === undefined) return need(roundId, "one of the two is there");
  const { areaCode } = await siteOrNone(tx, input.siteId);
  const { timeZone } = await currentOutbreak(tx);
  return openPurposeRound(tx, { purpose, areaCode, day: standingDay(tubes, tx.now, timeZone) });
}

const oneOfTwo = {
  en: "name either the round or the purpose of a standing round",
  "zh-CN": "轮次和常设轮次的用途须填其一，且只填其一",
} as const;

/** An upload whose round is known. */
type KnownUpload = UploadTubes & { readonly roundId: string };

/** Where an upload goes: the site must be the actor's, in the round's area, and the box the site's own. spec: SCR-3, SCR-9 */
async function uploadInto(tx: Tx, input: KnownUpload): Promise<{ place: UploadPlace; box: UploadBox }> {
  const found = (await placeOf(tx, input)) ?? (await missing(tx, input));
  const { place } = found;
  if (!isWithin(place.siteArea, tx.actor.areaCode))
    throw new ProblemError("record.notFound", { what: "sampling site" });
  if (!isWithin(place.siteArea, place.roundArea))
    throw new ProblemError("rule.refused", { rule: "SCR-3", why: "the site lies outside the round's area" });
  let { box } = found;
  if (box === null) {
    await ensureBoxes(tx, { outbreakId: place.outbreakId, siteId: place.siteId, areaCode: place.siteArea }, [
      input.box,
    ]);
    box = (await placeOf(tx, input))?.box ?? null;
  }
  if (box === null || box.siteId !== place.siteId)
    throw new ProblemError("rule.refused", { rule: "SCR-9", why: "the box belongs to another site" });
  return { place, box };
}

/** Says which of the two is not there. */
async function missing(tx: Tx, input: KnownUpload): Promise<never> {
  await siteOrNone(tx, input.siteId);
  throw new ProblemError("record.notFound", { what: "round" });
}

async function store(
  tx: Tx,
  place: UploadPlace,
  box: UploadBox,
  { fresh, topUps }: Admission,
): Promise<{ tubes: number; people: number }> {
  if (fresh.length + topUps.length === 0) return { tubes: 0, people: 0 };
  const stage = box.state === "in_transit" || box.state === "received" ? box.state : "at_site";
  const stored = await storeUpload(tx, { place, box, stage, fresh, topUps });
  const sent = [...fresh, ...topUps].reduce((sum, tube) => sum + tube.personIds.length, 0);
  // Another device registered one of these tubes or people in the same instant; sent again, the row says which.
  if (stored.tubes !== fresh.length || stored.people !== sent) throw new ProblemError("record.conflict");
  return stored;
}

/** Moves one person's registration to another tube of the same round, with a trace. spec: SCR-8 */
export const moveSample = useCase(
  { name: "screening.moveSample", ...tubeDef },
  async (tx, input: MoveSample): Promise<SampleMoved> => {
    const to = (await lockTubes(tx, [input.toBarcode])).get(input.toBarcode);
    if (!to || to.roundId !== input.roundId) throw new ProblemError("record.notFound", { what: "tube" });
    await enterBulk(tx, "byKey");
    const from = await lockTubeOf(tx, input.roundId, input.personId);
    if (!from) throw new ProblemError("record.notFound", { what: "sample" });
    if (!isWithin(from.areaCode, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
    const allowed = moveRefusal(from, to);
    if (!allowed.ok) throw new ProblemError(allowed.refusal.code, allowed.refusal.params);
    const stages = { fromStage: stageNeeded(from), toStage: stageNeeded(to) };
    await moveOne(tx, { roundId: input.roundId, personId: input.personId, from, to, ...stages, note: input.note });
    const data: SampleMoved = { fromTubeId: from.id, toTubeId: to.id };
    await tx.emit({
      name: "screening.sampleMoved",
      outbreakId: from.outbreakId,
      areaCode: from.areaCode,
      subjectType: "tube",
      subjectId: String(from.id),
      data,
    });
    return data;
  },
);

/** The stage of a tube that a rule has found to be without a result. */
export function stageNeeded(tube: TubeRow): Stage {
  return need(stageOf(tube.state), "the rule lets only tubes without a result through");
}

/** Rejects tubes (leaking, without a label): their members are not sampled again until they come once more. spec: SCR-16 */
export const rejectTubes = useCase({ name: "screening.rejectTubes", ...tubeDef }, (tx, input: EndTubes) =>
  endNamed(tx, input, "rejected"),
);

/** Records tubes as lost on their way: they stay in the count of what was collected, their members come again. spec: SCR-17 */
export const recordLostTubes = useCase({ name: "screening.recordLostTubes", ...tubeDef }, (tx, input: EndTubes) =>
  endNamed(tx, input, "lost"),
);

/** Rejects one tube. */
export const rejectTube = useCase(
  { name: "screening.rejectTube", ...tubeDef },
  (tx, input: { barcode: string; note: string }) =>
    endNamed(tx, { barcodes: [input.barcode], note: input.note }, "rejected"),
);

async function endNamed(tx: Tx, input: EndTubes, why: "rejected" | "lost"): Promise<EndAnswer> {
  const tubes = await lockTubes(tx, input.barcodes);
  const bad: BadRow[] = [];
  const ending: (EndedTube & { row: TubeRow })[] = [];
  for (const barcode of new Set(input.barcodes)) {
    const row = tubes.get(barcode);
    const stage = row && stageOf(row.state);
    if (!row) bad.push({ barcode, field: "barcode", code: "unknownTube" });
    else if (!stage) bad.push({ barcode, field: "barcode", code: "tubeState" });
    else ending.push({ id: row.id, boxId: row.boxId, size: row.size, stage, row });
  }
  const people = ending.reduce((sum, tube) => sum + tube.size, 0);
  const first = ending[0];
  if (first) {
    await enterBulk(tx, "byKey");
    await endTubes(tx, ending, why, input.note);
    const data: TubesEnded = { tubeIds: ending.map((tube) => tube.id), people };
    const subject = {
      subjectType: "tube",
      subjectId: String(first.id),
      areaCode: first.row.areaCode,
      outbreakId: first.row.outbreakId,
    };
    await tx.emit({ name: why === "lost" ? "screening.tubesLost" : "screening.tubesRejected", ...subject, data });
  }
  return { tubes: ending.length, people, bad };
}

export const listTubes = useCase(
  { name: "screening.listTubes", permission: "screening.round.read", kind: "read" },
  async (tx, query: TubeQuery) => {
    const page = await pageTubes(tx, query);
    const names = await areaNamesOf(
      tx,
      page.items.map((row) => row.areaCode),
    );
    return { items: page.items.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? null })), next: page.next };
  },
);

/** One tube with its members and every move of them; names people, so it asks for a reason. */
export const getTube = useCase(
  { name: "screening.getTube", permission: "screening.person.read", kind: "read", personal: true },
  async (tx, input: { id: number }): Promise<TubeDetail> => {
    const [row] = await tubesById(tx, [input.id]);
    if (!row) throw new ProblemError("record.notFound", { what: "tube" });
    const members = await tubeMembers(tx, row.id);
    const names = await personNamesOf(
      tx,
      members.map((member) => member.personId),
    );
    const areas = await areaNamesOf(tx, [row.areaCode]);
    return {
      tube: { ...row, areaName: areas.get(row.areaCode) ?? null },
      members: members.map((member) => ({ ...member, personName: names.get(member.personId) ?? null })),
      trace: await tubeTrace(tx, row.id),
    };
  },
);
