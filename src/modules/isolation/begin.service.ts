import type { Outbreak } from "#modules/outbreaks";
import { assert, need } from "#kernel/assert";
import { addDays, dayOf, type Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import { announce } from "./announce.service.ts";
import { allocationPolicy } from "./isolation.rules.ts";
import { beginOrders, type Begin, type OrderRow } from "./orders.store.ts";
import { segmentWindow, testCalendar, type SegmentFacts } from "./plan.rules.ts";
import { dropUnsampled, insertCalendar, type CalendarRow } from "./tests.store.ts";

/** A stretch of a plan begins when the person is in its place: days, tests, control, event. */

export interface Beginning {
  readonly order: OrderRow;
  readonly segment: number;
  /** The site when the person is in one. */
  readonly siteId: string | null;
}

interface Planned {
  readonly begin: Begin;
  readonly calendar: readonly CalendarRow[];
}

/** The facts of a stretch in the outbreak's days. */
export function segmentFacts(outbreak: Outbreak, order: OrderRow, index: number, today: Day): SegmentFacts {
  const plan = need(
    outbreak.protocol.plans[order.planClass as keyof typeof outbreak.protocol.plans],
    `the protocol has no plan ${order.planClass}`,
  );
  return {
    segment: need(plan.segments[index], `plan ${order.planClass} has no stretch ${index}`),
    anchorDay: dayOf(order.anchorAt, outbreak.timeZone),
    observationDay: order.observationDay ?? today,
    beginDay: today,
    previousEndDay: index > 0 ? order.plannedEndDay : null,
  };
}

function planStretch(outbreak: Outbreak, { order, segment }: Beginning, today: Day): Planned {
  if (order.mode === "fangcang" || order.mode === "hospital") {
    const first = {
      orderId: order.id,
      segment,
      dayNo: allocationPolicy.exitTestFromDay,
      dueDay: addDays(today, allocationPolicy.exitTestFromDay - 1),
    };
    const observationDay = order.observationDay ?? today;
    return {
      begin: {
        orderId: order.id,
        segment,
        mode: order.mode,
        observationDay,
        startDay: today,
        endDay: null,
        last: true,
      },
      calendar: [first],
    };
  }
  const facts = segmentFacts(outbreak, order, segment, today);
  const { startDay, endDay } = segmentWindow(facts);
  const segments = need(
    outbreak.protocol.plans[order.planClass as keyof typeof outbreak.protocol.plans],
    "the plan exists",
  ).segments;
  const begin: Begin = {
    orderId: order.id,
    segment,
    // The first stretch is where the allocation put the person, which may be home by exception.
    mode: segment === order.segment ? order.mode : facts.segment.mode,
    observationDay: facts.observationDay,
    startDay,
    endDay,
    last: segment === segments.length - 1,
  };
  return { begin, calendar: testCalendar(facts).map((test) => ({ orderId: order.id, segment, ...test })) };
}

/** Begins the stretches now; returns nothing, emits `isolation.placed`. spec: ISO-2, ISO-3 */
export async function beginStretches(tx: Tx, outbreak: Outbreak, rows: readonly Beginning[]): Promise<void> {
  if (rows.length === 0) return;
  const today = dayOf(tx.now, outbreak.timeZone);
  for (const { order } of rows)
    assert(order.state !== "released" && order.state !== "cancelled", "an ended order does not begin");
  const planned = rows.map((row) => planStretch(outbreak, row, today));
  const again = rows.filter(({ order }) => order.observationDay !== null).map(({ order }) => order.id);
  if (again.length > 0) await dropUnsampled(tx, again);
  await beginOrders(
    tx,
    planned.map((plan) => plan.begin),
  );
  await insertCalendar(
    tx,
    planned.flatMap((plan) => plan.calendar),
  );
  const placed = rows.map((row, i) => {
    const mode = need(planned[i], "one plan a row").begin.mode;
    return {
      orderId: row.order.id,
      personId: row.order.personId,
      areaCode: row.order.areaCode,
      category: row.order.category,
      mode,
      siteId: row.siteId,
    };
  });
  await announce(
    tx,
    outbreak,
    "isolation.placed",
    rows.map((row) => row.order.areaCode),
    { orders: placed },
  );
}
