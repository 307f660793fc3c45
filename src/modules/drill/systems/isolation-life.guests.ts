import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, addHours, minutesBetween } from "#kernel/time";
import {
  answerCare,
  askCare,
  confirmCare,
  expectHomecomings,
  handOverHome,
  listHomecomings,
  receiveHome,
  type CareKind,
} from "#modules/isolation";
import type { Placed } from "#domain/isolation";
import type { StoredEvent } from "#platform/events";
import { integerDraw } from "#sim/draws";
import { personIdOf, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import type { IsolationLife } from "./isolation-life.section.ts";

/** What guests ask for, and how people come home. */

const pageMax = 200;
const kinds: readonly CareKind[] = ["medicine", "diet", "infant", "elderly", "psychological", "pet", "other"];
const elsewhere = ["济南", "徐州", "商丘", "郑州", "济宁"];
/** A guest who has left meanwhile, or a request that is void: nothing is left to do. */
const gone = new Set(["record.notFound", "state.notAllowed"]);

const siteTeam = (hand: Hand, command: string) => hand.ctx("siteManager", hand.scenario.areaCode, command);
const desk = (hand: Hand, command: string) => hand.ctx("isolationManager", hand.scenario.areaCode, command);

/** Does it, unless it is void by now; says whether it was done. */
async function unlessGone(hand: Hand, run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!(error instanceof ProblemError) || !gone.has(error.code)) throw error;
    hand.count("careVoid");
    return false;
  }
}

interface Asked {
  readonly requests: readonly { readonly orderId: string; readonly kind: CareKind }[];
}

/** People have moved in: a share of them will ask for something. */
export function placed(hand: Hand, section: IsolationLife, event: StoredEvent): void {
  const requests = (event.data as Placed).orders.flatMap(({ orderId, personId, siteId }) =>
    siteId !== null && hand.chance(section.careShare.value, "care", String(personId))
      ? [
          {
            orderId,
            kind: need(kinds[integerDraw(hand.seed, "careKind", personId, kinds.length)], "a kind of request"),
            personId,
          },
        ]
      : [],
  );
  const [first] = requests;
  if (!first) return;
  const key = `${first.personId} ${hand.minute}`;
  hand.after(hand.delay(section.careAskedAfter, "careAsked", key), "isolationLife.ask", key, {
    requests: requests.map(({ orderId, kind }) => ({ orderId, kind })),
  } satisfies Asked);
}

export async function askAll(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  for (const [i, request] of (item.data as Asked).requests.entries()) {
    const key = `${item.key} ${i}`;
    await unlessGone(hand, async () => {
      const { requestIds } = await askCare(desk(hand, `ask ${key}`), { requests: [request] });
      hand.after(hand.delay(section.careAnswer, "careAnswer", key), "isolationLife.answer", key, requestIds);
    });
  }
}

export async function answerAll(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  const requestIds = item.data as string[];
  const done = await unlessGone(hand, () =>
    answerCare(siteTeam(hand, `answer ${item.key}`), { requestIds, answer: "done / 已办" }),
  );
  if (done)
    hand.after(hand.delay(section.careConfirm, "careConfirm", item.key), "isolationLife.confirm", item.key, requestIds);
}

/** The guest says whether it helped; if not the site answers once more. */
export async function confirmAll(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  const requestIds = item.data as string[];
  const helped = !hand.chance(section.careNotHelped.value, "careHelped", item.key);
  await confirmCare(desk(hand, `confirm ${item.key}`), { requestIds, helped });
  if (helped) return;
  const key = `${item.key} again`;
  hand.after(hand.delay(section.careAnswer, "careAnswer", key), "isolationLife.answer", key, requestIds);
}

/** People come home from quarantine outside the city: announced in the afternoon, met on the road, handed over. */
export async function expectOutside(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute("15:00", 1), "isolationLife.outside", addDays(item.key, 1));
  const count = Math.max(1, Math.round(section.outsidePerDay.value * hand.scale));
  const expectedAt = addHours(hand.now, 2);
  const people = new Set(
    Array.from({ length: count }, (_, i) =>
      integerDraw(hand.seed, "outsideHome", `${item.key} ${i}`, hand.city.personCount),
    ),
  );
  const { homecomingIds } = await expectHomecomings(desk(hand, `expect ${item.key}`), {
    people: [...people].map((index) => ({
      personId: personIdOf(index),
      expectedAt,
      fromPlace: need(elsewhere[index % elsewhere.length], "a place outside the city"),
    })),
  });
  if (homecomingIds.length > 0)
    hand.after(
      hand.delay(section.outsideHandOver, "outsideHandOver", item.key),
      "isolationLife.handOver",
      item.key,
      homecomingIds,
    );
}

export async function handOver(hand: Hand, item: DrillItem): Promise<void> {
  await handOverHome(desk(hand, `hand over ${item.key}`), { homecomingIds: item.data as string[] });
}

/** Communities sign for those who came home, each after its own time. */
export async function receive(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  hand.after(section.receiveEveryHours.value * 60, "isolationLife.receive", `${hand.minute}`);
  let cursor: string | null = null;
  const ready: string[] = [];
  do {
    const page: Awaited<ReturnType<typeof listHomecomings>> = await listHomecomings(
      desk(hand, `came ${item.key} ${cursor}`),
      { state: "handedOver", limit: pageMax, ...(cursor ? { cursor } : {}) },
    );
    for (const row of page.items)
      if (
        row.handedAt !== null &&
        minutesBetween(row.handedAt, hand.now) >= hand.delay(section.received, "received", String(row.personId))
      )
        ready.push(row.id);
    cursor = page.next;
  } while (cursor !== null);
  if (ready.length > 0)
    await receiveHome(hand.ctx("gridWorker", hand.scenario.areaCode, `received ${item.key}`), { homecomingIds: ready });
}
