import { need } from "#kernel/assert";
import { ctShift, readCt } from "#domain/outbreaks";
import {
  handOverBoxes,
  recordLostTubes,
  receiveBoxes,
  reportResults,
  sealBox,
  uploadTubes,
  type ResultsRecorded,
  type TubeReport,
} from "#modules/screening";
import { normalDraw } from "#sim/draws";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";

/** A tube as a sampler fills it; people are numbers of the sim's city. */
export interface FilledTube {
  readonly barcode: string;
  readonly kind: "pool" | "household" | "single";
  /** Its nominal size, which the dilution follows. */
  readonly size: number;
  readonly people: readonly number[];
  readonly minute: number;
  readonly recheckOf?: number;
}

/** A box of tubes that begins its way from a site to a laboratory. */
export interface Sending {
  readonly roundId: string;
  readonly siteCode: string;
  readonly areaCode: string;
  readonly box: string;
  readonly tubes: readonly FilledTube[];
  /** Goes first in the laboratory: re-checks, clinics, close contacts. */
  readonly urgent: boolean;
  /** Minutes until the courier has it; the scenario's pick-up interval when absent. */
  readonly pickUpMin?: number;
}

/** What travels with a box; the laboratory's reading is settled by what was in the swabs. */
interface BoxMemory {
  readonly box: string;
  readonly siteId: string;
  readonly labId: string;
  readonly areaCode: string;
  readonly urgent: boolean;
  readonly barcodes: readonly string[];
  readonly readings: Readonly<Record<string, TubeReport>>;
}

const ctSpread = 0.7;
const genesApart = 0.8;
const courierName = "courier";
const lostSearchMin = 6 * 60;

/** The Ct a laboratory reads from a tube; null when nothing is in it. The dilution follows the tube's nominal size. */
function readTube(hand: Hand, tube: FilledTube): TubeReport {
  let lowest = Infinity;
  for (const person of tube.people) {
    if (!hand.engine.isInfected(person, tube.minute)) continue;
    const ct = hand.engine.ctAt(person, tube.minute);
    if (
      ct === null ||
      hand.chance(hand.scenario.mistakes.missedSample.value, "missedSwab", `${tube.barcode} ${person}`)
    )
      continue;
    lowest = Math.min(lowest, ct);
  }
  if (lowest === Infinity) return { barcode: tube.barcode, result: "negative" };
  const noise = normalDraw(hand.seed, "ct", tube.barcode, 0, ctSpread);
  const ctN = Math.round((lowest + ctShift(hand.protocol, tube.size) + noise) * 10) / 10;
  const ctOrf = Math.round((ctN + normalDraw(hand.seed, "ctOrf", tube.barcode, genesApart, ctSpread)) * 10) / 10;
  const result = readCt(hand.protocol, ctN, ctOrf);
  return { barcode: tube.barcode, result, ctN, ctOrf };
}

/** Uploads what a site collected and sends the box on its way. */
export async function sendBox(hand: Hand, sending: Sending): Promise<void> {
  if (sending.tubes.length === 0) return;
  const { mistakes, courier } = hand.scenario;
  const siteId = need(hand.places.sites.get(sending.siteCode), `no site ${sending.siteCode}`);
  const input = {
    roundId: sending.roundId,
    siteId,
    box: sending.box,
    tubes: sending.tubes.map((tube) => ({
      barcode: tube.barcode,
      kind: tube.kind,
      size: tube.size,
      personIds: tube.people.map((person) => person + 1),
      at: hand.instantAt(tube.minute),
      ...(tube.recheckOf === undefined ? {} : { recheckOf: tube.recheckOf }),
    })),
  };
  const key = `upload ${sending.box}`;
  const answer = await uploadTubes(hand.ctx("sampler", sending.areaCode, key, { key }), input);
  // A device whose answer was lost sends the same request again: it must change nothing (I9).
  if (hand.chance(mistakes.duplicateUpload.value, "duplicateUpload", sending.box)) {
    await uploadTubes(hand.ctx("sampler", sending.areaCode, key, { key }), input);
    hand.count("uploadsSentTwice");
  }
  hand.count("tubes", answer.tubes);
  hand.count("samples", answer.people);
  hand.count("rowsRefused", answer.bad.length);
  await sealBox(hand.ctx("sampler", sending.areaCode, `seal ${sending.box}`), {
    siteId,
    code: sending.box,
    seal: `seal-${sending.box}`,
  });
  const taken = new Set(answer.bad.filter((row) => row.field === "barcode").map((row) => row.barcode));
  const memory: BoxMemory = {
    box: sending.box,
    siteId,
    labId: labFor(hand, sending.areaCode),
    areaCode: sending.areaCode,
    urgent: sending.urgent,
    barcodes: sending.tubes.map((tube) => tube.barcode).filter((barcode) => !taken.has(barcode)),
    readings: Object.fromEntries(
      sending.tubes
        .map((tube) => readTube(hand, tube))
        .filter((reading) => reading.result !== "negative" || reading.ctN !== undefined)
        .map((reading) => [reading.barcode, reading]),
    ),
  };
  const wait =
    sending.pickUpMin ??
    hand.delay(
      {
        medianMin: 20,
        p90Min: Math.max(21, courier.pickUpEveryMin.value / 2),
        assumed: true,
        why: "within the interval",
      },
      "pickUp",
      sending.box,
    );
  hand.after(wait, "tubes.handOver", sending.box, memory);
}

/** The laboratory of the county, else the city's first. */
function labFor(hand: Hand, areaCode: string): string {
  const { labs } = hand.places;
  const own = labs.find((lab) => areaCode.startsWith(lab.areaCode) || lab.areaCode.startsWith(areaCode));
  return (own ?? need(labs[0], "the scenario has a laboratory")).id;
}

async function handOver(hand: Hand, item: DrillItem): Promise<void> {
  const memory = item.data as BoxMemory;
  await handOverBoxes(hand.ctx("courier", memory.areaCode, `handOver ${memory.box}`), {
    siteId: memory.siteId,
    courier: courierName,
    boxes: [{ code: memory.box, seal: `seal-${memory.box}` }],
  });
  hand.after(hand.delay(hand.scenario.courier.drive, "drive", memory.box), "tubes.receive", memory.box, memory);
}

async function receive(hand: Hand, item: DrillItem): Promise<void> {
  const memory = item.data as BoxMemory;
  const lost = memory.barcodes.filter((barcode) =>
    hand.chance(hand.scenario.mistakes.tubeLost.value, "tubeLost", barcode),
  );
  await receiveBoxes(hand.ctx("lab", "", `receive ${memory.box}`), {
    labId: memory.labId,
    courier: courierName,
    boxes: [
      {
        code: memory.box,
        counted: memory.barcodes.length - lost.length,
        ...(lost.length > 0 ? { missing: lost } : {}),
      },
    ],
  });
  if (lost.length > 0)
    hand.after(lostSearchMin, "tubes.lost", memory.box, { areaCode: memory.areaCode, barcodes: lost });
  hand.count("tubesLost", lost.length);
  const lab = need(
    hand.places.labs.find((row) => row.id === memory.labId),
    "the box went to a known laboratory",
  );
  const { labs } = hand.scenario;
  // Mass rounds queue for the machines, of which there are as many as people at this scale; urgent singles run on
  // machines of their own, whose number follows the outbreak and not the city.
  const work = memory.urgent ? 0 : memory.barcodes.length / lab.tubesPerMinute;
  const start = memory.urgent ? hand.minute : Math.max(hand.minute, hand.memory.labFreeAt[lab.id] ?? 0);
  if (!memory.urgent) hand.memory.labFreeAt[lab.id] = start + work;
  const run = hand.delay(memory.urgent ? labs.urgentRun : labs.run, "labRun", memory.box);
  const report = hand.delay(labs.reportAfterRun, "labReport", memory.box);
  const left: BoxMemory = { ...memory, barcodes: memory.barcodes.filter((barcode) => !lost.includes(barcode)) };
  hand.at(Math.ceil(start + work + run + report), "tubes.result", memory.box, left);
}

/** A tube that was not found is recorded as lost; its people have to come again. */
async function giveUp(hand: Hand, item: DrillItem): Promise<void> {
  const { areaCode, barcodes } = item.data as { areaCode: string; barcodes: readonly string[] };
  await recordLostTubes(hand.ctx("screeningManager", areaCode, `lost ${item.key}`), {
    barcodes: [...barcodes],
    note: "missing at receipt, not found / 接收时缺管，未找到",
  });
}

async function result(hand: Hand, item: DrillItem): Promise<void> {
  const memory = item.data as BoxMemory;
  const { mistakes } = hand.scenario;
  const results = memory.barcodes.map((barcode): TubeReport => {
    const reading = memory.readings[barcode] ?? { barcode, result: "negative" };
    return hand.chance(mistakes.invalidResult.value, "invalid", `${barcode} ${item.key}`)
      ? { barcode, result: "invalid" }
      : reading;
  });
  if (results.length === 0) return;
  await reportResults(hand.ctx("lab", "", `results ${item.key}`), { labId: memory.labId, results });
  const again = results.filter((row) => row.result === "invalid" || row.result === "grey").map((row) => row.barcode);
  if (again.length === 0 || item.key.endsWith(" again")) return;
  const rerun = hand.delay(hand.scenario.labs.urgentRun, "labRerun", memory.box);
  hand.after(rerun, "tubes.result", `${memory.box} again`, { ...memory, barcodes: again } satisfies BoxMemory);
}

/** Couriers and laboratories: boxes are handed over, received, run and reported. */
export const tubesActor: DrillActor = {
  name: "tubes",
  items: { "tubes.handOver": handOver, "tubes.receive": receive, "tubes.lost": giveUp, "tubes.result": result },
};

/** The tubes of an event that are final. */
export function finalTubes(data: ResultsRecorded): ResultsRecorded["tubes"] {
  return data.tubes.filter((tube) => tube.step === "final");
}
