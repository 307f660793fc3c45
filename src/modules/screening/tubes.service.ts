import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { siteOrNone } from "./boxes.service.ts";
import { countTubes, ensureBoxes, type BoxRow } from "./boxes.store.ts";
import type { SampleMoved, TubesEnded } from "./events.model.ts";
import { areaNamesOf, personNamesOf } from "./screening.names.ts";
import { enterBulk, findRound, type RoundRow } from "./rounds.store.ts";
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
import { admitUpload, type Admission, moveRefusal, planUpload, stageOf, type Stage } from "./screening.rules.ts";
import { pageTubes, tubeMembers, tubesById, tubeTrace } from "./tubelist.store.ts";
import {
  endTubes,
  growTubes,
  insertSamples,
  insertTubes,
  knownTubes,
  lockTubeOf,
  lockTubes,
  moveOne,
  personFaults,
  type EndedTube,
  type NewSample,
  type TubePlace,
  type TubeRow,
} from "./tubes.store.ts";

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
    const site = await siteOrNone(tx, input.siteId);
    await enterBulk(tx);
    const round = await findRound(tx, input.roundId);
    if (!round) throw new ProblemError("record.notFound", { what: "round" });
    if (!isWithin(site.areaCode, round.areaCode))
      throw new ProblemError("rule.refused", { rule: "SCR-3", why: "the site lies outside the round's area" });
    const box = (
      await ensureBoxes(tx, { outbreakId: round.outbreakId, siteId: site.id, areaCode: site.areaCode }, [input.box])
    ).get(input.box);
    if (!box || box.siteId !== site.id)
      throw new ProblemError("rule.refused", { rule: "SCR-9", why: "the box belongs to another site" });
    const plan = planUpload(input.tubes, { pool: round.poolSize, household: round.householdSize }, tx.now);
    const recheckOf = plan.tubes.flatMap((tube) => tube.recheckOf ?? []);
    const known = await knownTubes(
      tx,
      plan.tubes.map((tube) => tube.barcode),
      recheckOf,
    );
    const faults = await personFaults(
      tx,
      round.id,
      plan.tubes.flatMap((tube) => tube.personIds),
    );
    const orphans = plan.tubes.filter((tube) => tube.recheckOf !== null && !known.ids.has(tube.recheckOf));
    const admission = admitUpload(
      plan.tubes.filter((tube) => !orphans.includes(tube)),
      { roundId: round.id, siteId: site.id },
      known.byBarcode,
      faults,
    );
    const stored = await storeUpload(tx, round, box, admission);
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

async function storeUpload(
  tx: Tx,
  round: RoundRow,
  box: BoxRow,
  admission: Admission,
): Promise<{ tubes: number; people: number }> {
  const { fresh, topUps } = admission;
  const place: TubePlace = {
    outbreakId: round.outbreakId,
    roundId: round.id,
    purpose: round.kind,
    areaCode: box.areaCode,
    siteId: box.siteId,
    boxId: box.id,
    stage: box.state === "in_transit" || box.state === "received" ? box.state : "at_site",
    boxOpen: box.state === "open",
    handedOverAt: box.handedOverAt,
    receivedAt: box.receivedAt,
    labId: box.labId,
  };
  let people = 0;
  if (fresh.length > 0) {
    const ids = await insertTubes(tx, place, fresh);
    if (ids.size !== fresh.length) throw new ProblemError("record.conflict");
    const samples = fresh.flatMap((tube) => {
      const tubeId = need(ids.get(tube.barcode), "every new tube was stored");
      return tube.personIds.map((personId): NewSample => ({ personId, tubeId, at: tube.at }));
    });
    people += await storeSamples(tx, round.id, place.stage, samples);
    await countTubes(tx, box.id, fresh.length);
  }
  if (topUps.length > 0) {
    await growTubes(
      tx,
      topUps.map((row) => ({ tubeId: row.tubeId, by: row.personIds.length, full: row.full })),
    );
    const samples = topUps.flatMap((row) =>
      row.personIds.map((personId): NewSample => ({ personId, tubeId: row.tubeId, at: row.at })),
    );
    people += await storeSamples(tx, round.id, "at_site", samples);
  }
  return { tubes: fresh.length, people };
}

async function storeSamples(tx: Tx, roundId: string, stage: Stage, samples: readonly NewSample[]): Promise<number> {
  const stored = await insertSamples(tx, roundId, stage, samples);
  // Another site registered one of these people in the same instant; sent again, the row says which.
  if (stored !== samples.length) throw new ProblemError("record.conflict");
  return stored;
}

/** Moves one person's registration to another tube of the same round, with a trace. spec: SCR-8 */
export const moveSample = useCase(
  { name: "screening.moveSample", ...tubeDef },
  async (tx, input: MoveSample): Promise<SampleMoved> => {
    const to = (await lockTubes(tx, [input.toBarcode])).get(input.toBarcode);
    if (!to || to.roundId !== input.roundId) throw new ProblemError("record.notFound", { what: "tube" });
    await enterBulk(tx);
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
    await enterBulk(tx);
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
