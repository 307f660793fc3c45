import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import type { BenchWorld } from "./load.ts";
import { logIn, password } from "./serve.ts";

/**
 * What a positive tube takes from the laboratory's request until every screen has what it set going: the holds of its
 * members, the tasks of those who go to them, whom the members met, and the board.
 */

export interface PositiveRun {
  /** Sorted milliseconds, one a tube, from the laboratory's request to the last screen's answer. */
  readonly ms: readonly number[];
  /** Sorted milliseconds of the laboratory's own request. */
  readonly reportMs: readonly number[];
  /** Sorted milliseconds until the live stream told the screens. */
  readonly toldMs: readonly number[];
  /** Sorted milliseconds of each question the screens ask, by its path without the tube. */
  readonly askedMs: Readonly<Record<string, readonly number[]>>;
  /** Close contacts listed, all tubes together. */
  readonly contacts: number;
}

interface WaitingTube {
  readonly id: number;
  readonly barcode: string;
  readonly labId: string;
  readonly areaCode: string;
  readonly members: number;
}

/** Pools that lie in a laboratory without a result, spread over the city. */
async function waitingTubes(world: BenchWorld, count: number): Promise<WaitingTube[]> {
  const { sql, release } = await world.owner.connect();
  const found = await sql.many<WaitingTube>(
    `select t.id, t.barcode, t.lab_id as "labId", (select min(s.area_code) from sample s where s.tube_id = t.id) as "areaCode", t.size as members
     from tube t where t.state = 'received' and t.result is null and t.kind = 'pool' order by hashint8(t.id) limit $1`,
    [count],
  );
  await release();
  return found;
}

const leader = "bench-leader";
const laboratory = "bench-laboratory";

/** The accounts that report and look: a laboratory's and the command post's, each once. */
export async function positiveAccounts(world: BenchWorld, areaCode: string): Promise<void> {
  const { sql, release } = await world.owner.connect();
  const accounts = [
    { id: "00000000-0000-7000-8000-0000000000b1", login: leader, roles: ["commander", "cdc"] },
    { id: "00000000-0000-7000-8000-0000000000b2", login: laboratory, roles: ["lab"] },
  ];
  for (const account of accounts)
    await createAccount(sql, { ...account, name: account.login, password, areaCode }, wallClock.now());
  await release();
}

/** Follows the live stream; `told` gives the next telling of a topic after the call. */
async function follow(base: string, cookie: string): Promise<{ told(topic: string): Promise<void>; end(): void }> {
  const abort = new AbortController();
  const answer = await fetch(`${base}/api/v1/stream`, { headers: { cookie }, signal: abort.signal });
  if (!answer.ok || !answer.body) throw new Error(`no live stream: ${answer.status}`);
  const waiting = new Map<string, () => void>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const data = /^event: changed\ndata: (.*)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        for (const topic of data === undefined ? [] : (JSON.parse(data) as { topics: string[] }).topics) {
          waiting.get(topic)?.();
          waiting.delete(topic);
        }
      }
    }
  };
  read().catch(() => undefined);
  return {
    told: (topic) => new Promise((resolve) => waiting.set(topic, resolve)),
    end: () => abort.abort(),
  };
}

const pauseMs = 50;

/**
 * Reports `count` pools of the round positive one after another, and reads after each what the screens show of it; no
 * further pool once `msMax` are over.
 */
export async function positiveEndToEnd(
  world: BenchWorld,
  base: string,
  count: number,
  msMax = Infinity,
): Promise<PositiveRun> {
  const tubes = await waitingTubes(world, count);
  if (tubes.length < count) throw new Error(`only ${tubes.length} tubes wait for a result`);
  const cookie = await logIn(base, leader);
  const labCookie = await logIn(base, laboratory);
  const askedMs: Record<string, number[]> = {};
  const get = async <T>(path: string): Promise<T> => {
    const start = performance.now();
    const answer = await fetch(base + path, { headers: { cookie, "x-reason": "bench" } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const found = (await answer.json()) as T;
    (askedMs[path.replace(/\d+|\?.*/g, "")] ??= []).push(performance.now() - start);
    return found;
  };
  const stream = await follow(base, cookie);
  const run = { ms: [] as number[], reportMs: [] as number[], toldMs: [] as number[], askedMs, contacts: 0 };
  const end = performance.now() + msMax;
  for (const tube of tubes) {
    if (performance.now() > end) break;
    const told = stream.told("cases");
    const start = performance.now();
    const reported = await fetch(`${base}/api/v1/results`, {
      method: "POST",
      headers: { cookie: labCookie, "content-type": "application/json", "idempotency-key": `positive-${tube.id}` },
      body: JSON.stringify({
        labId: tube.labId,
        results: [{ barcode: tube.barcode, result: "positive", ctN: 24, ctOrf: 25 }],
      }),
    });
    const answer = (await reported.json()) as { positive?: number };
    if (answer.positive !== 1) throw new Error(`not taken as positive: ${JSON.stringify(answer)}`);
    run.reportMs.push(performance.now() - start);
    await told;
    run.toldMs.push(performance.now() - start);
    const [held, met, tasks] = await Promise.all([
      get<{ members: { liftedAt: string | null }[] }>(`/api/v1/tubes/${tube.id}/positive`),
      get<{ close: number }>(`/api/v1/tubes/${tube.id}/contacts?class=close&limit=50`),
      get<{ items: { subjectId: string }[] }>(`/api/v1/tasks?areaCode=${tube.areaCode}&sort=-due&limit=50`),
      get<object>("/api/v1/board"),
    ]);
    run.ms.push(performance.now() - start);
    if (held.members.filter((member) => member.liftedAt === null).length !== tube.members)
      throw new Error(`tube ${tube.id}: not every member is held`);
    if (!tasks.items.some((task) => task.subjectId === String(tube.id)))
      throw new Error(`tube ${tube.id}: nobody is told to go there`);
    run.contacts += met.close;
    await new Promise((done) => setTimeout(done, pauseMs));
  }
  stream.end();
  for (const list of [run.ms, run.reportMs, run.toldMs, ...Object.values(askedMs)]) list.sort((a, b) => a - b);
  return run;
}
