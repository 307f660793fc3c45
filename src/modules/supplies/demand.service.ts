import { addDays, addHours, dayOf } from "#kernel/time";
import { areaByCode, areasByCode } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { peopleByMode } from "#modules/isolation";
import { roundFigures } from "#modules/screening";
import { completeTasks, createTasks, type NewTask } from "#modules/tasks";
import { zonesOnBoard } from "#modules/zones";
import { roundNeeds, roundSizes } from "#domain/screening";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { supplyCatalogue } from "./catalogue.load.ts";
import { demandOf, driversOf } from "./demand.rules.ts";
import { balanceUses, clearAlerts, insertAlert, type BalanceUse } from "./ledger.store.ts";
import { heldByItem } from "./lists.store.ts";
import type { DemandForecast, DemandQuery } from "./requests.model.ts";
import { dailyUse, daysLeft, stockState } from "./stock.rules.ts";
import { normDrivers, type Catalogue } from "./supplies.model.ts";

const openRoundsMax = 50;

/** The people of one whole round: those due in the rounds that are open, else everybody of the area. */
async function peopleDue(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<number> {
  const rounds = await roundFigures(tx, { outbreakId: outbreak.id, areaCode, limit: openRoundsMax });
  const due = rounds
    .filter((round) => round.state === "open")
    .reduce((sum, round) => sum + round.due - round.excused, 0);
  return due > 0 ? due : ((await areaByCode(tx, areaCode))?.population ?? 0);
}

/** Residents of the villages that lie under a high or a medium zone. */
async function underControl(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<number> {
  const zones = await zonesOnBoard(tx, outbreak, areaCode);
  const villages = [...new Set(zones.filter((zone) => zone.level !== "low").map((zone) => zone.areaCode))];
  const areas = await areasByCode(tx, villages);
  return villages.reduce((sum, code) => sum + (areas.get(code)?.population ?? 0), 0);
}

/** What the test plan and the people in quarantine will take, and what is missing. spec: SUP-13 */
export const forecastDemand = useCase(
  {
    name: "supplies.demand",
    permission: "supplies.stock.read",
    kind: "read",
    area: (input: DemandQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<DemandForecast> => {
    const outbreak = await currentOutbreak(tx);
    const catalogue = await supplyCatalogue();
    const areaCode = input.areaCode ?? (tx.actor.areaCode === "" ? outbreak.areaCode : tx.actor.areaCode);
    const days = input.days ?? catalogue.rules.fillDays.value;
    // A disease without pooled testing plans no rounds; what people in quarantine take remains.
    const { pooling } = outbreak.protocol;
    const rounds = pooling === null ? 0 : (input.rounds ?? 1);
    const people = rounds === 0 ? 0 : await peopleDue(tx, outbreak, areaCode);
    const plan =
      pooling === null
        ? null
        : roundNeeds(people, roundSizes(outbreak.protocol, "area").pool, { ...pooling.supply, spoilageShare: 0 });
    const modes = await peopleByMode(tx, areaCode);
    const drivers = driversOf({
      days,
      rounds,
      peopleDue: people,
      poolsDue: plan?.tubes ?? 0,
      samplersDue: plan?.samplers ?? 0,
      inCentral: modes["central"] ?? 0,
      atHome: modes["home"] ?? 0,
      residentsUnderControl: await underControl(tx, outbreak, areaCode),
    });
    const held = await heldByItem(tx, areaCode);
    return {
      areaCode,
      days,
      rounds,
      drivers: normDrivers.map((driver) => ({ driver, count: drivers[driver] })),
      items: catalogue.items.map((item) => {
        const { onHand = 0, onTheWay = 0 } = held.get(item.code) ?? {};
        return {
          item: item.code,
          itemName: item.name["zh-CN"],
          itemNameEn: item.name.en,
          unit: item.unit["zh-CN"],
          unitEn: item.unit.en,
          onHand,
          onTheWay,
          ...demandOf({ item: item.code, norms: item.norms, onHand, onTheWay }, drivers),
        };
      }),
      next: null,
    };
  },
);

/** One shortage's alert, task and end. */
async function watch(
  tx: Tx,
  outbreak: Outbreak,
  row: BalanceUse,
  rules: Catalogue["rules"],
): Promise<{ readonly task?: NewTask; readonly over?: string }> {
  const today = dayOf(tx.now, outbreak.timeZone);
  const perDay = dailyUse(row.uses, dayOf(row.firstAt, outbreak.timeZone), today, rules.useWindowDays.value);
  const left = daysLeft(row.free, perDay);
  const short = stockState(left, perDay, rules.shortDays.value) === "short";
  // spec: SUP-6
  if (short && row.alertId === null) {
    const dueAt = addHours(tx.now, rules.alertHours.value);
    const id = await insertAlert(tx, row, { daysLeft: left ?? 0, dueAt });
    const params = { warehouse: row.warehouse, item: row.item, daysLeft: Math.round((left ?? 0) * 10) / 10 };
    return {
      task: {
        outbreakId: outbreak.id,
        kind: "supplyShort",
        areaCode: row.areaCode,
        ownerTeam: "supplies",
        subjectType: "supplyAlert",
        subjectId: id,
        params,
        dueAt,
      },
    };
  }
  return !short && row.alertId !== null ? { over: row.alertId } : {};
}

/** Repeating duty: raises an alert where stock runs low and clears it where it lasts again. spec: SUP-6 */
export async function watchStock(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined) return;
  const { rules } = await supplyCatalogue();
  const today = dayOf(tx.now, outbreak.timeZone);
  const since = addDays(today, 1 - rules.useWindowDays.value);
  const tasks: NewTask[] = [];
  const over: string[] = [];
  for (const row of await balanceUses(tx, "", since, today)) {
    const found = await watch(tx, outbreak, row, rules);
    if (found.task) tasks.push(found.task);
    if (found.over) over.push(found.over);
  }
  await createTasks(tx, tasks);
  if (over.length > 0) {
    await clearAlerts(tx, over);
    const evidence = { note: "the stock lasts again / 库存已补足" };
    await completeTasks(tx, { subjectType: "supplyAlert", subjectIds: over, evidence });
  }
  for (const task of tasks)
    await tx.emit({
      name: "supplies.short",
      outbreakId: outbreak.id,
      areaCode: task.areaCode,
      subjectType: "supplyAlert",
      subjectId: task.subjectId,
      data: { warehouse: String(task.params?.["warehouse"]), item: String(task.params?.["item"]) },
    });
}
