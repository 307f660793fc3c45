import Type from "typebox";
import { need } from "#kernel/assert";
import { addDays, instantAt } from "#kernel/time";
import {
  acceptReport,
  acknowledgeDirective,
  commandOrdersTally,
  listRelays,
  listReopening,
  planReopening,
  relayDirective,
  reopenStep,
  reportDirective,
  sendReportBack,
  writeMinutes,
} from "#modules/command";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { BothLanguages, Delay, Figure } from "../scenario.model.ts";
import { defineSystem, memoryFor } from "./system.ts";

/** What comes from above, how the counties answer, and in which order the city reopens. */
const Section = Type.Object(
  {
    issuedBy: Type.String({ minLength: 1 }),
    /** A directive comes on each day after the first positive, one of these in turn. */
    directives: Type.Array(Type.Object({ title: BothLanguages, text: BothLanguages }), { minItems: 1, maxItems: 50 }),
    directivesFor: Figure,
    relay: Delay,
    receipt: Delay,
    report: Delay,
    accept: Delay,
    sentBack: Figure,
    forgotten: Figure,
    forgottenDelay: Delay,
    minutes: Delay,
    /** Steps of the reopening, by days after the last zone was lifted. */
    reopening: Type.Array(
      Type.Object({
        code: Type.String({ minLength: 1 }),
        areaCode: Type.String({ pattern: "^[0-9]{4,12}$" }),
        batch: Type.Integer({ minimum: 1 }),
        kind: Type.Union([
          Type.Literal("area"),
          Type.Literal("trade"),
          Type.Literal("busLine"),
          Type.Literal("school"),
        ]),
        name: BothLanguages,
        daysAfter: Figure,
        time: Type.String({ pattern: "^[0-2][0-9]:[0-5][0-9]$" }),
      }),
      { maxItems: 50 },
    ),
  },
  { additionalProperties: false },
);
type Section = Type.Static<typeof Section>;

const directiveHour = "17:00";
const tryAgainMin = 6 * 60;
const pageMax = 200;
const present = "指挥部成员、各工作组 / the command post and its groups";

const headquarters = (hand: Hand, command: string) => hand.ctx("commander", hand.scenario.areaCode, command);
const county = (hand: Hand, areaCode: string, command: string) => hand.ctx("duty", areaCode, command);

interface Relayed {
  readonly id: string;
  readonly areaCode: string;
}

/** A directive from above goes to every county in one call; each of them answers in its own time. */
async function directive(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const no = Number(item.key);
  if (no < section.directivesFor.value) hand.at(hand.clockMinute(directiveHour, 1), "orders.directive", String(no + 1));
  const { title, text } = need(section.directives[(no - 1) % section.directives.length], "the list is not empty");
  const relay = hand.delay(section.relay, "directiveRelay", item.key);
  hand.after(relay, "orders.relay", item.key, { title, text, receivedAt: hand.now });
}

async function relay(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const { title, text, receivedAt } = item.data as Section["directives"][number] & { readonly receivedAt: string };
  await relayDirective(headquarters(hand, `relay ${item.key}`), {
    issuedBy: section.issuedBy,
    kind: "above",
    documentNo: `DRILL-${item.key}`,
    title,
    body: text,
    receivedAt,
  });
  hand.count("directivesRelayed");
}

/** What each county has just been given, heard as the event of the relay. */
async function spread(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRelays>> = await listRelays(headquarters(hand, `relays ${item.key}`), {
      state: "relayed",
      limit: pageMax,
      ...(cursor ? { cursor } : {}),
    });
    for (const { id, areaCode, no } of page.items.filter((row) => String(row.no) === item.key)) {
      const key = `${no} ${areaCode}`;
      const forgotten = hand.chance(section.forgotten.value, "directiveForgotten", key);
      const delay = hand.delay(forgotten ? section.forgottenDelay : section.receipt, "directiveReceipt", key);
      hand.after(delay, "orders.receive", key, { id, areaCode } satisfies Relayed);
    }
    cursor = page.next;
  } while (cursor !== null);
}

async function receive(hand: Hand, { key, data }: DrillItem, section: Section): Promise<void> {
  const { id, areaCode } = data as Relayed;
  await acknowledgeDirective(county(hand, areaCode, `receive ${key}`), { id });
  hand.after(hand.delay(section.report, "directiveReport", key), "orders.report", key, data);
}

async function report(hand: Hand, { key, data }: DrillItem, section: Section): Promise<void> {
  const { id, areaCode } = data as Relayed;
  await reportDirective(county(hand, areaCode, `report ${key}`), {
    id,
    report: "已传达到乡镇并逐项落实 / passed on to every town and carried out",
  });
  hand.after(hand.delay(section.accept, "directiveAccept", key), "orders.judge", key, data);
}

/** Some reports say too little and come back once; the second is accepted. */
async function judge(hand: Hand, { key, data }: DrillItem, section: Section): Promise<void> {
  const { id } = data as Relayed;
  const again = key.endsWith("again");
  if (!again && hand.chance(section.sentBack.value, "directiveSentBack", key)) {
    await sendReportBack(headquarters(hand, `sendBack ${key}`), { id, reason: "未附现场情况 / nothing from the spot" });
    hand.count("directiveReportsSentBack");
    const next = `${key} again`;
    hand.after(hand.delay(section.report, "directiveReport", next), "orders.report", next, data);
    return;
  }
  await acceptReport(headquarters(hand, `accept ${key}`), { id });
}

/** The plan of the reopening is made when the zones are lifted, at the hours the account gives. */
async function plan(hand: Hand, section: Section): Promise<void> {
  if (section.reopening.length === 0) return;
  const day = hand.dayAt(hand.minute);
  const steps = section.reopening.map(({ daysAfter, time, ...step }) => ({
    ...step,
    plannedAt: instantAt(addDays(day, daysAfter.value), time, hand.scenario.timeZone),
  }));
  await planReopening(headquarters(hand, "plan reopening"), { steps });
  for (const { code, plannedAt } of steps)
    hand.at(Math.max(hand.minute + 1, hand.minuteOf(plannedAt)), "orders.reopen", code);
}

/** Opens what the plan says if every condition holds; asks again later if not. */
async function reopen(hand: Hand, { key }: DrillItem): Promise<void> {
  const { items } = await listReopening(headquarters(hand, `reopening ${key}`), { limit: pageMax });
  const step = items.find(({ code }) => code === key);
  if (!step || step.state !== "planned") return;
  if (!step.ready) {
    hand.count("reopeningPutOff");
    hand.after(tryAgainMin, "orders.reopen", key);
    return;
  }
  await reopenStep(headquarters(hand, `reopen ${key}`), { id: step.id });
  hand.count("reopened");
}

function playersOf(section: Section): DrillActor {
  return {
    name: "command-orders",
    items: {
      "orders.directive": (hand, item) => directive(hand, item, section),
      "orders.relay": (hand, item) => relay(hand, item, section),
      "orders.spread": (hand, item) => spread(hand, item, section),
      "orders.receive": (hand, item) => receive(hand, item, section),
      "orders.report": (hand, item) => report(hand, item, section),
      "orders.judge": (hand, item) => judge(hand, item, section),
      "orders.plan": (hand) => plan(hand, section),
      "orders.reopen": reopen,
      "orders.minutes": async (hand, { key, data }) =>
        void (await writeMinutes(headquarters(hand, `minutes ${key}`), {
          id: (data as { id: string }).id,
          present,
          text: "通报昨日情况和未办结事项，部署当晚落实的措施 / yesterday, what is open, and what is done tonight",
        })),
    },
    events: {
      "cases.preliminary": (hand) => {
        const memory = memoryFor(hand, "command-orders", () => ({ begun: false }));
        if (memory.begun) return;
        memory.begun = true;
        hand.at(hand.nextClock(directiveHour), "orders.directive", "1");
      },
      "command.directiveRelayed": (hand, event) =>
        hand.after(1, "orders.spread", String((event.data as { no: number }).no)),
      "command.briefingHeld": (hand, event) => {
        const key = String((event.data as { no: number }).no);
        hand.after(hand.delay(section.minutes, "minutes", key), "orders.minutes", key, { id: event.subjectId });
      },
      "command.phaseReached": (hand, event) => {
        if ((event.data as { phase: string }).phase === "lifting") hand.after(30, "orders.plan", "lifting");
      },
    },
  };
}

/** Directives from above, minutes, and the staged reopening. */
export const commandOrdersSystem = defineSystem({
  name: "command-orders",
  title: { "zh-CN": "指挥调度", en: "Directives, minutes, reopening" },
  section: Section,
  actor: playersOf,
  ownTasks: ["receiveDirective", "reportDirective", "writeMinutes"],
  tally: commandOrdersTally,
});
