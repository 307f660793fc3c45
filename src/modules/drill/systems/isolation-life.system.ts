import { isolationLifeTally, type SiteLifeChanged } from "#modules/isolation";
import type { StoredEvent } from "#platform/events";
import { makingMinutes, siteLifeSystem } from "../actors/opening.ts";
import type { DrillActor, Hand } from "../hand.ts";
import type { PhaseChanged } from "#domain/outbreaks";
import { IsolationLife, memoryOf, type LifeMemory } from "./isolation-life.section.ts";
import { askAll, answerAll, confirmAll, expectOutside, handOver, placed, receive } from "./isolation-life.guests.ts";
import {
  activate,
  check,
  closeEmpty,
  converted,
  enterLogs,
  forecast,
  lateLogs,
  open,
  standDown,
  testStaff,
} from "./isolation-life.sites.ts";
import { defineSystem } from "./system.ts";

/** The life of quarantine sites: conversions, check-lists, posts, days, staff, guests' requests, the way home. */

const logHour = "21:00";
const lateLogHour = "12:00";
const testHour = "08:00";
const outsideHour = "15:00";

/** The first positive: standing sites get their posts and staff, and the daily round begins. */
function firstPositive(hand: Hand, section: IsolationLife): void {
  const memory = memoryOf(hand);
  if (memory.begun) return;
  memory.begun = true;
  hand.after(60, "isolationLife.activate", "sites");
  hand.after(section.forecastEveryHours.value * 60, "isolationLife.forecast", `${hand.minute}`);
  hand.after(section.receiveEveryHours.value * 60, "isolationLife.receive", `${hand.minute}`);
  for (const [hour, kind] of [
    [logHour, "isolationLife.log"],
    [lateLogHour, "isolationLife.lateLog"],
    [testHour, "isolationLife.test"],
    [outsideHour, "isolationLife.outside"],
  ] as const) {
    const first = hand.nextClock(hour);
    hand.at(first, kind, hand.dayAt(first));
  }
}

/** Each step of a site's life calls for the next one. */
function siteMoved(hand: Hand, section: IsolationLife, event: StoredEvent): void {
  const { siteId, name, kind, phase, life } = event.data as SiteLifeChanged;
  const again = `${name} ${hand.minute}`;
  const data = { siteId, name };
  if (life === "converting") {
    const memory = memoryOf(hand);
    const sentBack = memory.mending.includes(name);
    memory.mending = memory.mending.filter((other) => other !== name);
    const late = hand.chance(section.lateShare.value, "convertLate", again)
      ? hand.delay(section.lateBy, "convertLateBy", again)
      : 0;
    const whole = makingMinutes(hand, kind, phase) * section.builtAtShare.value;
    hand.after(
      sentBack ? hand.delay(section.mending, "mending", again) : whole + late,
      "isolationLife.converted",
      again,
      data,
    );
  }
  if (life === "converted")
    hand.after(hand.delay(section.checkAfter, "checkAfter", again), "isolationLife.check", again, data);
  if (life === "checked")
    hand.after(hand.delay(section.openAfter, "openAfter", again), "isolationLife.open", again, data);
  if (life === "cleaning") hand.after(cleaningMin, "isolationLife.standDown", again, data);
}

const cleaningMin = 12 * 60;

function actor(section: IsolationLife): DrillActor {
  return {
    name: siteLifeSystem,
    items: {
      "isolationLife.activate": (hand, item) => activate(hand, section, item),
      "isolationLife.forecast": (hand, item) => forecast(hand, section, item),
      "isolationLife.converted": converted,
      "isolationLife.check": (hand, item) => check(hand, section, item),
      "isolationLife.open": (hand, item) => open(hand, section, item),
      "isolationLife.standDown": standDown,
      "isolationLife.close": closeEmpty,
      "isolationLife.log": (hand, item) => enterLogs(hand, section, item),
      "isolationLife.lateLog": lateLogs,
      "isolationLife.test": (hand, item) => testStaff(hand, section, item),
      "isolationLife.ask": (hand, item) => askAll(hand, section, item),
      "isolationLife.answer": (hand, item) => answerAll(hand, section, item),
      "isolationLife.confirm": (hand, item) => confirmAll(hand, section, item),
      "isolationLife.outside": (hand, item) => expectOutside(hand, section, item),
      "isolationLife.handOver": handOver,
      "isolationLife.receive": (hand, item) => receive(hand, section, item),
    },
    events: {
      "cases.preliminary": (hand) => firstPositive(hand, section),
      "isolation.siteLife": (hand, event) => siteMoved(hand, section, event),
      "isolation.placed": (hand, event) => placed(hand, section, event),
      "outbreaks.phaseChanged": (hand, event) => {
        const { to } = event.data as PhaseChanged;
        if (to === "lifting" || to === "allClear") hand.after(30, "isolationLife.close", `${to} ${hand.minute}`);
      },
    },
    begin(hand) {
      hand.memory.systems[siteLifeSystem] = {
        begun: false,
        present: {},
        mending: [],
        forgotten: [],
      } satisfies LifeMemory;
    },
  };
}

export const isolationLifeSystem = defineSystem({
  name: siteLifeSystem,
  title: { "zh-CN": "隔离点全周期", en: "Life of quarantine sites" },
  section: IsolationLife,
  actor,
  ownTasks: ["siteConvert", "siteCheck", "siteOpen", "siteClean", "careRequest", "homecoming"],
  tally: isolationLifeTally,
});
