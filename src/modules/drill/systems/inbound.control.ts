import { addDays } from "#kernel/time";
import {
  answerLetter,
  disinfectGoods,
  enterLetter,
  holdGoods,
  joinPost,
  leavePost,
  listPosts,
  listWorkers,
  receiptLetter,
  recordGoodsResult,
  recordWorkerTests,
  releaseGoods,
  setOutcomes,
} from "#modules/inbound";
import { integerDraw } from "#sim/draws";
import { personIdOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { identity, originOf, scaled, somebody } from "./inbound.arrivals.ts";
import type { InboundSection } from "./inbound.model.ts";

/** Letters, exposed posts and goods in the drill. */

const morning = "08:00";
const testHour = "16:00";
const pageMax = 200;
const samplesEach = 5;

interface LetterData {
  readonly id: string;
  readonly people: number;
  readonly county: string;
  readonly direction: "in" | "out";
}

/** The morning's post: letters in and out, and the day's batches of goods. */
async function post(hand: Hand, section: InboundSection): Promise<void> {
  hand.at(hand.clockMinute(morning, 1), "inbound.post", morning);
  // Exposed posts are tested every day, outbreak or not; the rest begins with it.
  hand.at(hand.clockMinute(testHour), "inbound.tests", testHour);
  if (hand.memory.firstPositiveMinute === null) return;
  const today = hand.dayAt(hand.minute);
  for (const direction of ["in", "out"] as const) {
    const perDay = direction === "in" ? section.lettersInPerDay : section.lettersOutPerDay;
    for (let i = 0; i < scaled(hand, perDay.value); i++)
      await letter(hand, section, direction, `${today} ${direction} ${i}`);
  }
  for (let i = 0; i < scaled(hand, section.goodsPerDay.value); i++) await goods(hand, section, `${today} ${i}`);
}

async function letter(hand: Hand, section: InboundSection, direction: "in" | "out", key: string): Promise<void> {
  const { counties } = hand.city;
  const county = counties[integerDraw(hand.seed, "letter county", key, counties.length)];
  if (county === undefined) return;
  const today = hand.dayAt(hand.minute);
  const span = county.endPerson - county.firstPerson;
  const people = Array.from({ length: section.peoplePerLetter.value }, (_, i) => ({
    ...identity(hand, county.firstPerson + integerDraw(hand.seed, "letter person", `${key} ${i}`, span)),
    origin: originOf(hand, section, `letter ${key}`),
    leftOn: addDays(today, -1),
  }));
  const entered = await enterLetter(hand.ctx("cdc", county.code, `letter ${key}`), {
    direction,
    areaCode: county.code,
    counterpart: `外市疾控中心 ${integerDraw(hand.seed, "letter office", key, 30) + 1}`,
    reference: key,
    people,
  });
  const data: LetterData = { id: entered.id, people: people.length, county: county.code, direction };
  const receiptAfter = hand.delay(section.receipt, "letter receipt", key);
  const checkAfter = receiptAfter + hand.delay(section.check, "letter check", key);
  hand.after(receiptAfter, "inbound.receipt", key, data);
  if (direction === "in") hand.after(checkAfter, "inbound.check", key, data);
  hand.after(checkAfter + hand.delay(section.answer, "letter answer", key), "inbound.answer", key, data);
  hand.count(direction === "in" ? "lettersIn" : "lettersOut");
}

/** The village's answer: found, moved away, or nobody answers. */
async function check(hand: Hand, section: InboundSection, item: DrillItem): Promise<void> {
  const { id, people, county } = item.data as LetterData;
  const outcomes = Array.from({ length: people }, (_, i) => {
    const key = `${item.key} ${i}`;
    const missing = hand.chance(0.5, "letter moved", key) ? ("notHere" as const) : ("unreachable" as const);
    return {
      line: i + 1,
      outcome: hand.chance(section.foundShare.value, "letter found", key) ? ("found" as const) : missing,
    };
  });
  await setOutcomes(hand.ctx("gridWorker", county, `check ${item.key}`), { id, outcomes });
}

/** Every post whose people are due tests them, but for those that do it a day late; long shifts are rotated. */
async function tests(hand: Hand, section: InboundSection): Promise<void> {
  const today = hand.dayAt(hand.minute);
  const city = (command: string) => hand.ctx("commander", hand.scenario.areaCode, command);
  const due = new Map<string, number[]>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listWorkers>> = await listWorkers(city(`workers ${today} ${cursor ?? ""}`), {
      limit: pageMax,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const row of page.items)
      if (row.nextTestOn <= today) due.set(row.post, [...(due.get(row.post) ?? []), row.personId]);
    cursor = (page.items.at(-1)?.nextTestOn ?? "9") > today ? null : page.next;
  } while (cursor !== null);
  const { items } = await listPosts(city(`posts ${today}`), { limit: pageMax });
  for (const { id, code, areaCode } of items) {
    const personIds = due.get(code) ?? [];
    const key = `${code} ${today}`;
    if (personIds.length === 0 || hand.chance(section.missedTestShare.value, "post missed", key)) continue;
    const ctx = (command: string) => hand.ctx("checkpointOfficer", areaCode, `${command} ${key}`);
    const results = personIds.map((personId) => ({ personId, result: "negative" as const }));
    const { recorded, rotate } = await recordWorkerTests(ctx("tests"), { id, tests: results });
    hand.count("postTests", recorded);
    if (rotate.length === 0) continue;
    await leavePost(ctx("leave"), { id, personIds: rotate });
    await joinPost(ctx("join"), { id, personIds: relief(hand, areaCode, key, rotate.length) });
    hand.count("postRotated", rotate.length);
  }
}

/** People of the village who take over a shift. */
function relief(hand: Hand, areaCode: string, key: string, count: number): number[] {
  const village = hand.city.villages.find((row) => row.code === areaCode);
  if (village === undefined) return [personIdOf(somebody(hand, "post relief", key))];
  const span = village.endPerson - village.firstPerson;
  const first = integerDraw(hand.seed, "post relief", key, span);
  return Array.from({ length: Math.min(count, span) }, (_, i) =>
    personIdOf(village.firstPerson + ((first + i) % span)),
  );
}

interface GoodsData {
  readonly id: string;
}

async function goods(hand: Hand, section: InboundSection, key: string): Promise<void> {
  const { villages } = hand.city;
  const areaCode = villages[integerDraw(hand.seed, "goods village", key, villages.length)]?.code ?? "";
  const { id } = await holdGoods(hand.ctx("checkpointOfficer", areaCode, `hold ${key}`), {
    areaCode,
    batch: `G ${key}`,
    kind: hand.chance(0.5, "goods cold", key) ? "coldChain" : "parcel",
    origin: originOf(hand, section, `goods ${key}`),
  });
  const sampled = hand.delay(section.goodsSampled, "goods sampled", key);
  const disinfected = hand.delay(section.goodsDisinfected, "goods disinfected", key);
  const positive = hand.chance(section.goodsPositiveShare.value, "goods positive", key);
  hand.after(sampled, "inbound.goodsResult", key, { id, areaCode, positive });
  if (positive) return;
  hand.after(disinfected, "inbound.goodsDisinfect", key, { id, areaCode });
  hand.after(Math.max(sampled, disinfected) + 30, "inbound.goodsRelease", key, { id, areaCode });
}

/** The desk's part of the system. */
export function controlItems(section: InboundSection): DrillActor["items"] {
  const desk = (hand: Hand, item: DrillItem) =>
    hand.ctx("cdc", (item.data as LetterData).county, `${item.kind} ${item.key}`);
  const keeper = (hand: Hand, item: DrillItem) =>
    hand.ctx("checkpointOfficer", (item.data as GoodsData & { areaCode: string }).areaCode, `${item.kind} ${item.key}`);
  const idOf = (item: DrillItem) => ({ id: (item.data as GoodsData).id });
  return {
    "inbound.post": (hand) => post(hand, section),
    "inbound.tests": (hand) => tests(hand, section),
    "inbound.receipt": async (hand, item) => void (await receiptLetter(desk(hand, item), idOf(item))),
    "inbound.check": (hand, item) => check(hand, section, item),
    "inbound.answer": async (hand, item) => void (await answerLetter(desk(hand, item), idOf(item))),
    "inbound.goodsResult": async (hand, item) => {
      const { positive } = item.data as { positive: boolean };
      await recordGoodsResult(keeper(hand, item), { ...idOf(item), samples: samplesEach, positives: positive ? 1 : 0 });
    },
    "inbound.goodsDisinfect": async (hand, item) => void (await disinfectGoods(keeper(hand, item), idOf(item))),
    "inbound.goodsRelease": async (hand, item) => void (await releaseGoods(keeper(hand, item), idOf(item))),
  };
}

/** The minute of the first morning's post. */
export function firstMorning(hand: Hand): void {
  hand.at(hand.nextClock(morning), "inbound.post", morning);
}
