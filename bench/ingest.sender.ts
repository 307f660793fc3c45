import { request } from "node:http";
import { Agent } from "node:http";
import { randomOf } from "./visits.city.ts";

/**
 * Sends scans as lines of JSON over several connections and says on standard output how long it took: a program of
 * its own, so that making and sending the lines is not the server's work.
 * Run by ingest.bench.ts: node bench/ingest.sender.ts BASE COOKIE DAY ROWS BATCH CONNECTIONS PEOPLE VENUES SEED ROWS_PER_SECOND
 */

const [base = "", cookie = "", dayText = "", ...numbers] = process.argv.slice(2);
const [rows = 0, batch = 500, connections = 8, people = 1, venues = 1, seed = 1, perSecond = 0] = numbers.map(Number);
const day = Date.parse(`${dayText}T00:00:00.000Z`);
const random = randomOf(seed);
const agent = new Agent({ keepAlive: true, maxSockets: connections });

function body(): string {
  const lines: string[] = [];
  for (let i = 0; i < batch; i++) {
    // From one in the morning on: nobody of the days that questions are asked about is met by those who come now.
    const at = new Date(day + (3_600 + Math.floor(random() * 39_600)) * 1_000).toISOString();
    lines.push(
      `{"venueCode":"V${1 + Math.floor(random() * random() * venues)}","personId":${1 + Math.floor(random() * people)},"at":"${at}"}`,
    );
  }
  return lines.join("\n");
}

function send(text: string): Promise<{ recorded: number; already: number; bad: unknown[] }> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, "content-type": "application/x-ndjson", "content-length": Buffer.byteLength(text) };
    const sent = request(`${base}/api/v1/visits/lines`, { method: "POST", agent, headers }, (answer) => {
      let got = "";
      answer.on("data", (part: Buffer) => (got += part.toString()));
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(JSON.parse(got) as never);
        else reject(new Error(`${answer.statusCode} ${got}`));
      });
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

const bodies = Array.from({ length: Math.ceil(rows / batch) }, body);
const took: number[] = [];
let recorded = 0;
let next = 0;
const began = performance.now();

async function worker(): Promise<void> {
  while (next < bodies.length) {
    const mine = next++;
    const dueMs = perSecond > 0 ? (mine * batch * 1_000) / perSecond : 0;
    const early = dueMs - (performance.now() - began);
    if (early > 0) await new Promise((done) => setTimeout(done, early));
    const start = performance.now();
    const answer = await send(bodies[mine] ?? "");
    took.push(performance.now() - start);
    recorded += answer.recorded + answer.already;
    if (answer.bad.length > 0) throw new Error(`refused: ${JSON.stringify(answer.bad[0])}`);
  }
}

await Promise.all(Array.from({ length: connections }, worker));
took.sort((a, b) => a - b);
const p = (share: number): number => took[Math.floor(took.length * share)] ?? 0;
process.stdout.write(JSON.stringify({ recorded, ms: performance.now() - began, p50: p(0.5), p99: p(0.99) }));
agent.destroy();
