import Type from "typebox";
import { hashText } from "#kernel/prng";
import { requestKinds } from "#domain/reports";
import {
  answerRequest,
  askForHelp,
  checkRumour,
  draftBulletin,
  publicInformationTally,
  recordRumour,
  signPublication,
  signRumour,
  submitPublication,
} from "#modules/reports";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import { defineSystem } from "./system.ts";

/** How residents and the information office behave. */
const Section = Type.Object(
  {
    /** Requests a day for each thousand people who are told to stay at home. */
    requestsPerThousandConfined: Figure,
    answer: Delay,
    /** Rumours a day in the whole city. */
    rumoursPerDay: Figure,
    rumourCheck: Delay,
    rumourSign: Delay,
    bulletinSign: Delay,
    /** Share of the answers that are forgotten until long after their deadline. */
    forgotten: Figure,
    forgottenDelay: Delay,
  },
  { additionalProperties: false },
);
type Section = Type.Static<typeof Section>;

const minutesPerDay = 1_440;
const requestsPerDayMax = 200;
const thousand = 1_000;
const rumours = [
  {
    claim: "超市明天全部关门",
    zh: "全市商超正常供应，保供点名单已公布。",
    en: "Shops stay open; the list of supply points is published.",
  },
  {
    claim: "某村有人做核酸被感染",
    zh: "经核查，该村采样点未发生感染，采样人员每日检测。",
    en: "Checked: nobody was infected at that sampling site; samplers are tested daily.",
  },
  {
    claim: "隔离点要自费",
    zh: "集中隔离费用按现行政策执行，村居工作人员不另收费。",
    en: "Quarantine is charged by the rules in force; nobody in the village may ask for money.",
  },
] as const;

/** A town of the counties that stay at home; of the whole city while there are none. */
function place(hand: Hand, key: string): string {
  const locked = hand.memory.lockedCounties;
  const near = hand.city.villages.filter(
    ({ townCode }) => locked.length === 0 || locked.some((county) => townCode.startsWith(county)),
  );
  const towns = [...new Set(near.map((village) => village.townCode))].toSorted();
  return towns[hashText(`${hand.seed} ${key}`) % towns.length] ?? hand.scenario.areaCode;
}

/** People who may not leave home ask for more than others do. */
function confined(hand: Hand): number {
  const counties = new Set(hand.memory.lockedCounties);
  return hand.city.counties
    .filter((county) => counties.has(county.code))
    .reduce((sum, county) => sum + county.endPerson - county.firstPerson, 0);
}

function playersOf(section: Section): DrillActor {
  // The event of a request is heard right after the call that made it, so its key is still here.
  let asking = "";
  const late = (hand: Hand, delay: number, key: string): number =>
    hand.chance(section.forgotten.value, "answerForgotten", key)
      ? hand.delay(section.forgottenDelay, "answerForgottenFor", key)
      : delay;

  async function day(hand: Hand): Promise<void> {
    hand.after(minutesPerDay, "public.day", String(hand.minute + minutesPerDay));
    if (hand.memory.firstPositiveMinute === null) return;
    const asked = Math.min(
      requestsPerDayMax,
      Math.round((confined(hand) / thousand) * section.requestsPerThousandConfined.value),
    );
    for (let no = 0; no < asked; no++) {
      const key = `${hand.dayAt(hand.minute)} ${no}`;
      hand.after(1 + Math.floor((no * minutesPerDay) / asked), "public.ask", key);
    }
    for (let no = 0; no < section.rumoursPerDay.value; no++) {
      const key = `${hand.dayAt(hand.minute)} rumour ${no}`;
      hand.after(60 + no, "public.rumour", key);
    }
  }

  async function ask(hand: Hand, { key }: DrillItem): Promise<void> {
    asking = key;
    const areaCode = place(hand, `request ${key}`);
    const kind = requestKinds[hashText(`kind ${key}`) % requestKinds.length] ?? "other";
    await askForHelp(hand.ctx("resident", "", `ask ${key}`, { key: `ask ${key}` }), {
      areaCode,
      kind,
      text: `演练求助 ${key}`,
    });
  }

  async function rumour(hand: Hand, { key }: DrillItem): Promise<void> {
    const heard = rumours[hashText(key) % rumours.length] ?? rumours[0];
    const areaCode = place(hand, key);
    const { id } = await recordRumour(hand.ctx("publicInformation", "", `rumour ${key}`), {
      areaCode,
      claim: heard.claim,
      seenWhere: "群聊 chat group",
    });
    const delay = late(hand, hand.delay(section.rumourCheck, "rumourCheck", key), key);
    hand.after(delay, "public.check", key, { id, zh: heard.zh, en: heard.en });
  }

  async function check(hand: Hand, { key, data }: DrillItem): Promise<void> {
    const { id, zh, en } = data as { id: string; zh: string; en: string };
    await checkRumour(hand.ctx("publicInformation", "", `check ${key}`), {
      id,
      verdict: "false",
      fact: { "zh-CN": zh, en },
      source: "市疫情处置工作领导小组办公室",
    });
    hand.after(hand.delay(section.rumourSign, "rumourSign", key), "public.signRumour", key, { id });
  }

  return {
    name: "public-information",
    items: {
      "public.day": day,
      "public.ask": ask,
      "public.answer": async (hand, { key, data }) =>
        void (await answerRequest(hand.ctx("gridWorker", "", `answer ${key}`), {
          id: (data as { id: string }).id,
          answer: "已由网格员上门解决 / settled by the grid worker",
        })),
      "public.rumour": rumour,
      "public.check": check,
      "public.signRumour": async (hand, { key, data }) =>
        void (await signRumour(hand.ctx("commander", "", `sign ${key}`), { id: (data as { id: string }).id })),
      "public.bulletin": async (hand, { key }) => {
        const ctx = hand.ctx("publicInformation", "", `bulletin ${key}`);
        const { id } = await draftBulletin(ctx, {});
        await submitPublication(hand.ctx("publicInformation", "", `submit ${key}`), { id });
        hand.after(hand.delay(section.bulletinSign, "bulletinSign", key), "public.signBulletin", key, { id });
      },
      "public.signBulletin": async (hand, { key, data }) =>
        void (await signPublication(hand.ctx("commander", "", `signBulletin ${key}`), {
          id: (data as { id: string }).id,
        })),
    },
    events: {
      // One bulletin a day, from the figures of the morning.
      "reports.frozen": (hand, event) => {
        const { slot, reconciled, cutoffAt } = event.data as { slot: string; reconciled: boolean; cutoffAt: string };
        const [morning] = hand.scenario.command.briefings;
        if (reconciled && slot === morning) hand.after(1, "public.bulletin", cutoffAt);
      },
      "reports.requestAsked": (hand, event) => {
        const delay = late(hand, hand.delay(section.answer, "requestAnswer", asking), asking);
        hand.after(delay, "public.answer", asking, { id: event.subjectId });
      },
    },
    begin: (hand) => hand.at(hand.minute + 1, "public.day", String(hand.minute + 1)),
  };
}

/** Bulletins, notices, residents' requests and rumours. */
export const publicInformation = defineSystem({
  name: "public-information",
  title: { "zh-CN": "信息发布", en: "Public information" },
  section: Section,
  actor: playersOf,
  ownTasks: ["signPublication", "answerRequest", "answerRumour"],
  tally: publicInformationTally,
});
