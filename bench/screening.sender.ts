import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { quantile } from "./report.ts";

/**
 * The devices of all sampling sites and the screens of all laboratories, as one program of its own, so that their work
 * is not the server's. A device tells a tube when its first person stands in it, and the others when it is full; while
 * an answer is outstanding it gathers, and then sends all it has. A full box goes by courier to a laboratory, which
 * counts it and reports its tubes. The plan comes on standard input, what happened goes out as JSON.
 */

/** How people come for a while; as fast as the server answers where `perSecond` is 0. */
export interface Phase {
  readonly name: string;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface PeakPlan {
  readonly base: string;
  readonly roundId: string;
  /** Begins the codes of its boxes and tubes, which no other evening of the database may use. */
  readonly prefix: string;
  /** One token a county, by the site's county, and one of the laboratories. */
  readonly samplers: Readonly<Record<string, string>>;
  readonly laboratory: string;
  readonly sites: readonly {
    readonly id: string;
    readonly county: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly labs: readonly string[];
  readonly phases: readonly Phase[];
}

export interface PhaseDone {
  readonly name: string;
  readonly ms: number;
  readonly people: number;
  readonly tubes: number;
  readonly uploads: number;
  /** Of one upload, from sending to its answer, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** From a tube's being full to its being stored, waiting in the device included. */
  readonly told95: number;
}

export interface PeakDone {
  readonly phases: readonly PhaseDone[];
  /** Through the laboratories by the end. */
  readonly resulted: number;
  readonly boxes: number;
  /** Of a hand-over, a receipt and a report of results. */
  readonly carried95: number;
  readonly resulted95: number;
  readonly drainMs: number;
  /** Writes that were sent again because the server could not do them. */
  readonly retried: number;
}

const poolSize = 10;
const tubesPerBox = 20;
/** An offline device's whole queue goes in portions of this many tubes. */
const tubesPerUpload = 20;
const tickMs = 10;
const labEveryMs = 500;
const positiveEvery = 2_000;
const tubesPerReport = 1_000;

interface FillingTube {
  readonly barcode: string;
  readonly box: string;
  readonly people: number[];
  told: number;
  fullAt: number;
}

const plan = JSON.parse(await text(process.stdin)) as PeakPlan;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const now = (): number => performance.now();
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
let keys = 0;

/** Sends one write from an address of its own, as every device and laboratory has; answers its status and text. */
function once(path: string, token: string, localAddress: string, key: string, content: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(content),
      "idempotency-key": key,
    };
    const sent = request(`${plan.base}${path}`, { method: "POST", agent, headers, localAddress }, (answer) => {
      let got = "";
      answer.on("data", (part: Buffer) => (got += part.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: got }));
    });
    sent.on("error", reject);
    sent.end(content);
  });
}

const triesMax = 20;
const retryMs = 500;
let retried = 0;

/** Sends a write until it is answered: what the server could not do is sent again under the same key. */
async function post<T>(path: string, token: string, localAddress: string, body: object): Promise<T> {
  const key = `peak-${process.pid}-${++keys}`;
  const content = JSON.stringify(body);
  for (let tries = 1; ; tries++) {
    const answer = await once(path, token, localAddress, key, content);
    if (answer.status === 200) return JSON.parse(answer.text) as T;
    if (answer.status < 500 || tries === triesMax)
      throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    retried += 1;
    await pause(retryMs);
  }
}

interface Waiting {
  readonly code: string;
  readonly barcodes: readonly string[];
}
const atLabs: Waiting[][] = plan.labs.map(() => []);
const carried: number[] = [];
const reported: number[] = [];
let boxesSent = 0;
let boxesDone = 0;
let peopleResulted = 0;
let tubesReported = 0;
const sizes = new Map<string, number>();

/** What happens in the phase that runs. */
const tally = { people: 0, tubes: 0, took: [] as number[], told: [] as number[] };

class Device {
  readonly #site: PeakPlan["sites"][number];
  readonly #no: number;
  readonly #token: string;
  readonly #address: string;
  #next: number;
  #tube = 0;
  #open: FillingTube | null = null;
  readonly #queue: FillingTube[] = [];
  readonly #boxes = new Map<string, string[]>();
  busy = false;

  constructor(site: PeakPlan["sites"][number], no: number) {
    this.#site = site;
    this.#no = no;
    this.#token = plan.samplers[site.county] ?? "";
    this.#address = `127.0.${1 + Math.floor(no / 250)}.${1 + (no % 250)}`;
    this.#next = site.from;
  }

  get left(): number {
    return this.#site.to - this.#next + 1;
  }

  get idle(): boolean {
    return !this.busy && this.#queue.every((tube) => tube.told === tube.people.length);
  }

  /** Somebody steps up to the table. */
  sample(): void {
    if (this.left <= 0) return;
    if (this.#open === null) {
      const box = `${plan.prefix}K${this.#no}-${Math.floor(this.#tube / tubesPerBox)}`;
      this.#open = { barcode: `${plan.prefix}P${this.#no}-${this.#tube++}`, box, people: [], told: 0, fullAt: 0 };
      this.#queue.push(this.#open);
    }
    this.#open.people.push(this.#next++);
    if (this.#open.people.length === poolSize || this.left === 0) this.close();
  }

  close(): void {
    if (this.#open !== null) this.#open.fullAt = now();
    this.#open = null;
  }

  /** Tells what there is to tell, unless an answer is outstanding. */
  send(): void {
    if (this.busy) return;
    const box = this.#queue.find((tube) => this.#isDue(tube))?.box;
    if (box === undefined) return;
    const tubes = this.#queue.filter((tube) => tube.box === box && this.#isDue(tube)).slice(0, tubesPerUpload);
    this.busy = true;
    void this.#upload(box, tubes);
  }

  #isDue(tube: FillingTube): boolean {
    return tube.told < tube.people.length && (tube.told === 0 || tube.fullAt > 0);
  }

  async #upload(box: string, tubes: readonly FillingTube[]): Promise<void> {
    const sent = tubes.map((tube) => ({ tube, upTo: tube.people.length }));
    const at = new Date(Date.parse("2022-07-24T12:00:00.000Z")).toISOString();
    const start = now();
    const answer = await post<{ people: number; bad: unknown[] }>("/api/v1/tubes", this.#token, this.#address, {
      roundId: plan.roundId,
      siteId: this.#site.id,
      box,
      tubes: sent.map(({ tube, upTo }) => ({
        barcode: tube.barcode,
        kind: "pool",
        personIds: tube.people.slice(tube.told, upTo),
        at,
      })),
    });
    const end = now();
    if (answer.bad.length > 0) throw new Error(`refused: ${JSON.stringify(answer.bad[0])}`);
    tally.took.push(end - start);
    tally.people += answer.people;
    for (const { tube, upTo } of sent) {
      if (tube.told === 0) tally.tubes += 1;
      tube.told = upTo;
      if (tube.fullAt > 0 && upTo === tube.people.length) this.#stored(tube, end);
    }
    this.busy = false;
    this.send();
  }

  #stored(tube: FillingTube, at: number): void {
    tally.told.push(at - tube.fullAt);
    this.#queue.splice(this.#queue.indexOf(tube), 1);
    sizes.set(tube.barcode, tube.people.length);
    const barcodes = this.#boxes.get(tube.box) ?? [];
    barcodes.push(tube.barcode);
    this.#boxes.set(tube.box, barcodes);
    if (barcodes.length === tubesPerBox) void this.handOver(tube.box);
  }

  async handOver(box: string): Promise<void> {
    const barcodes = this.#boxes.get(box) ?? [];
    this.#boxes.delete(box);
    boxesSent += 1;
    const start = now();
    await post("/api/v1/boxes/hand-over", this.#token, this.#address, {
      siteId: this.#site.id,
      courier: "courier",
      boxes: [{ code: box, seal: box }],
    });
    carried.push(now() - start);
    atLabs[this.#no % atLabs.length]?.push({ code: box, barcodes });
  }

  /** At the end of the evening the last box goes as it is. */
  async finish(): Promise<void> {
    this.close();
    this.send();
    while (!this.idle) await pause(tickMs);
    for (const box of this.#boxes.keys()) await this.handOver(box);
  }
}

let open = true;

/** Takes what has come in, counts it, and reports its tubes. */
async function laboratory(no: number): Promise<void> {
  const labId = plan.labs[no] ?? "";
  const address = `127.0.10.${1 + no}`;
  for (;;) {
    const boxes = atLabs[no]?.splice(0) ?? [];
    if (boxes.length === 0) {
      if (!open && boxesDone === boxesSent) return;
      await pause(labEveryMs);
      continue;
    }
    const start = now();
    await post("/api/v1/boxes/receive", plan.laboratory, address, {
      labId,
      courier: "courier",
      boxes: boxes.map((box) => ({ code: box.code, counted: box.barcodes.length })),
    });
    carried.push(now() - start);
    const barcodes = boxes.flatMap((box) => box.barcodes);
    for (let from = 0; from < barcodes.length; from += tubesPerReport) {
      const part = barcodes.slice(from, from + tubesPerReport);
      const begun = now();
      await post("/api/v1/results", plan.laboratory, address, {
        labId,
        results: part.map((barcode) => ({
          barcode,
          result: ++tubesReported % positiveEvery === 0 ? "positive" : "negative",
        })),
      });
      reported.push(now() - begun);
      peopleResulted += part.reduce((sum, barcode) => sum + (sizes.get(barcode) ?? 0), 0);
    }
    boxesDone += boxes.length;
  }
}

const devices = plan.sites.map((site, no) => new Device(site, no));
// Sites did not open in one instant: their first tubes are in every state of filling.
for (const [no, device] of devices.entries()) for (let i = 0; i < no % poolSize; i++) device.sample();

/** People come at a rate, evenly over the sites; or every device always has a full portion ready. */
async function run(phase: Phase): Promise<PhaseDone> {
  Object.assign(tally, { people: 0, tubes: 0, took: [], told: [] });
  const start = now();
  let come = 0;
  while (now() - start < phase.seconds * 1_000 && devices.some((device) => device.left > 0)) {
    if (phase.perSecond > 0) {
      const due = ((now() - start) / 1_000) * phase.perSecond;
      for (; come < due; come++) devices[come % devices.length]?.sample();
    } else
      for (const device of devices)
        if (device.idle) for (let i = 0; i < tubesPerUpload * poolSize; i++) device.sample();
    for (const device of devices) device.send();
    await pause(phase.perSecond > 0 ? tickMs : 1);
  }
  const ms = now() - start;
  const took = tally.took.toSorted((a, b) => a - b);
  const told = tally.told.toSorted((a, b) => a - b);
  const { people, tubes } = tally;
  return {
    name: phase.name,
    ms,
    people,
    tubes,
    uploads: took.length,
    p50: quantile(took, 0.5),
    p95: quantile(took, 0.95),
    p99: quantile(took, 0.99),
    told95: quantile(told, 0.95),
  };
}

const labs = plan.labs.map((_, no) => laboratory(no));
const phases: PhaseDone[] = [];
for (const phase of plan.phases) phases.push(await run(phase));
const drain = now();
await Promise.all(devices.map((device) => device.finish()));
open = false;
await Promise.all(labs);
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const done: PeakDone = {
  phases,
  resulted: peopleResulted,
  boxes: boxesDone,
  carried95: quantile(sorted(carried), 0.95),
  resulted95: quantile(sorted(reported), 0.95),
  drainMs: now() - drain,
  retried,
};
process.stdout.write(JSON.stringify(done));
agent.destroy();
