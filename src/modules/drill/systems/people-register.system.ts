import { Type, type Static } from "typebox";
import { need } from "#kernel/assert";
import { addDays } from "#kernel/time";
import {
  addEntries,
  answerReview,
  linkEntries,
  listEntries,
  listReview,
  markElectronic,
  openRegister,
  registersTally,
  undoLink,
  type NewEntry,
  type Review,
} from "#modules/people";
import type { CityArea } from "#sim/city";
import { integerDraw, uniformDraw } from "#sim/draws";
import { personIdOf, type DrillActor, type Hand } from "../hand.ts";
import { inventedName } from "../names.rules.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import { defineSystem, memoryFor } from "./system.ts";

const Section = Type.Object(
  {
    /** Rows of each kind of register, as a share of a county's people. */
    populationShare: Figure,
    coInvestigationShare: Figure,
    tradeShare: Figure,
    /** From the first positive to the request, and from it to the reporter's first electronic table. */
    asked: Delay,
    electronic: Delay,
    /** What a row lacks or has wrong. */
    missingIdShare: Figure,
    wrongIdShare: Figure,
    wrongNameShare: Figure,
    wrongBirthShare: Figure,
    badAreaShare: Figure,
    link: Delay,
    /** A county's clerks sit down to the review queue so long after the last time, for so many entries. */
    review: Delay,
    reviewsAtOnce: Figure,
    /** A reviewer takes the first candidate without looking; the mistake is found and undone later. */
    hastyShare: Figure,
    undo: Delay,
    /** Rows that fit nobody are closed so many days after the request. */
    closeAfterDays: Figure,
  },
  { additionalProperties: false },
);
type Section = Static<typeof Section>;

const kinds = ["population", "coInvestigation", "trade"] as const;
type Kind = (typeof kinds)[number];
const owners: Readonly<Record<Kind, string>> = {
  population: "公安局户籍",
  coInvestigation: "流调协查专班",
  trade: "行业主管部门",
};
const batchMax = 500;
const closePagesMax = 50;
const minutesPerDay = 1_440;
const daysPerYear = 365;
const reason = "人员数据比对";

interface Memory {
  asked: boolean;
}

const memoryOf = (hand: Hand): Memory => memoryFor(hand, "people-register", () => ({ asked: false }));

const codeOf = (county: string, kind: Kind): string => `${county}-${kind}`;

function countyOf(hand: Hand, code: string): CityArea {
  return need(
    hand.city.counties.find((county) => county.code === code),
    "a register belongs to a county",
  );
}

/** The person behind a row: drawn from its number, so that the clerks of the drill know the truth. */
function personOf(hand: Hand, county: CityArea, ref: string): number {
  return county.firstPerson + integerDraw(hand.seed, "registerPerson", ref, county.endPerson - county.firstPerson);
}

function birthOf(hand: Hand, person: number): string {
  const days = Math.floor((hand.city.age(person) + uniformDraw(hand.seed, "birthday", person)) * daysPerYear);
  return addDays(hand.dayAt(0), -days);
}

/** A row as its reporter wrote it down, mistakes included. */
function rowOf(hand: Hand, section: Section, county: CityArea, kind: Kind, i: number): NewEntry {
  const { city, seed } = hand;
  const ref = `${county.code}-${kind}-${i}`;
  const person = personOf(hand, county, ref);
  const home = city.householdOf(person).index;
  const name = inventedName(seed, person, home);
  const birth = birthOf(hand, person);
  const missing = hand.chance(section.missingIdShare.value, "registerNoId", ref);
  const wrong = hand.chance(section.wrongIdShare.value, "registerWrongId", ref);
  const number = `DRILL${String(person).padStart(8, "0")}`;
  const typo = hand.chance(section.wrongNameShare.value, "registerName", ref);
  const slip = hand.chance(section.wrongBirthShare.value, "registerBirth", ref);
  const village = need(city.villages[city.villageOf(person)], "a person lives in a village").code;
  return {
    register: codeOf(county.code, kind),
    ref,
    areaCode: hand.chance(section.badAreaShare.value, "registerArea", ref) ? `${village}9` : village,
    // A name heard and not read: its last character is another one of the same sound.
    name: typo ? `${name.slice(0, -1)}某` : name,
    birthDate: slip ? `${Number(birth.slice(0, 4)) + 1}-03-01` : birth,
    sex: city.sex(person),
    address: `第${home + 1}户`,
    // A wrong number is one that no register would give.
    ...(missing ? {} : wrong ? { idNumber: "371721199001010000" } : { idKind: "other" as const, idNumber: number }),
  };
}

/** The command post asks every reporter of every county for an electronic table within the week. */
async function ask(hand: Hand, section: Section): Promise<void> {
  for (const county of hand.city.counties)
    for (const kind of kinds) {
      const code = codeOf(county.code, kind);
      const ctx = hand.ctx("dataManager", hand.scenario.areaCode, `open ${code}`);
      await openRegister(ctx, { code, kind, owner: owners[kind], areaCode: county.code });
      hand.after(hand.delay(section.electronic, "registerElectronic", code), "registers.send", code);
    }
  const minutes = section.closeAfterDays.value * minutesPerDay;
  for (const county of hand.city.counties) hand.after(minutes, "registers.close", county.code);
}

async function send(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const [countyCode, kind] = item.key.split("-") as [string, Kind];
  const county = countyOf(hand, countyCode);
  const shares = {
    population: section.populationShare,
    coInvestigation: section.coInvestigationShare,
    trade: section.tradeShare,
  };
  const people = county.endPerson - county.firstPerson;
  const rows = Math.max(1, Math.round(people * shares[kind].value));
  const entries = Array.from({ length: rows }, (_, i) => rowOf(hand, section, county, kind, i));
  const ctx = (what: string) => hand.ctx("dataManager", county.code, `${what} ${item.key}`);
  await markElectronic(ctx("electronic"), { code: item.key, day: hand.dayAt(hand.minute) });
  const taken = await addEntries(ctx("entries"), { entries });
  hand.count("registerRows", taken.taken);
  hand.count("registerRowsRefused", taken.bad.length);
  hand.after(hand.delay(section.link, "registerLink", item.key), "registers.link", `${item.key}@0`);
}

async function link(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const [code = "", batch = "0"] = item.key.split("@");
  const county = code.slice(0, 6);
  const ctx = hand.ctx("dataManager", county, `link ${item.key}`);
  const run = await linkEntries(ctx, { register: code, limit: batchMax });
  hand.count("registerLinked", run.linked);
  if (run.compared === batchMax) hand.after(1, "registers.link", `${code}@${Number(batch) + 1}`);
  if (run.review > 0)
    hand.after(hand.delay(section.review, "registerReview", item.key), "registers.review", `${county}@${item.key}`);
}

/** A county's clerks work through a part of their queue, and come back while it is not empty. */
async function review(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const [county = ""] = item.key.split("@");
  const limit = Math.max(1, Math.round(section.reviewsAtOnce.value));
  const list = await listReview(hand.ctx("dataManager", county, `queue ${item.key}`, { reason }), { limit });
  for (const row of list.items) await decide(hand, section, county, row);
  if (list.next === null) return;
  const key = `${county}@${hand.minute}`;
  hand.after(hand.delay(section.review, "registerReview", key), "registers.review", key);
}

async function decide(hand: Hand, section: Section, county: string, row: Review): Promise<void> {
  const truth = personIdOf(personOf(hand, countyOf(hand, county), row.ref));
  const known = row.candidates.some((candidate) => candidate.personId === truth);
  const first = row.candidates[0]?.personId;
  const undone = hand.chance(section.hastyShare.value, "registerHasty", row.ref);
  const ctx = hand.ctx("dataManager", county, `answer ${row.ref} ${hand.minute}`);
  if (undone && first !== undefined && first !== truth) {
    await answerReview(ctx, { id: row.id, answer: "same", personId: first });
    hand.after(hand.delay(section.undo, "registerUndo", row.ref), "registers.undo", row.ref, { id: row.id });
    hand.count("registerWrongLinks");
    return;
  }
  await answerReview(ctx, known ? { id: row.id, answer: "same", personId: truth } : { id: row.id, answer: "other" });
  hand.count("registerReviews");
  if (!known || !undone) return;
  // Somebody doubts a right link, takes it back and has it looked at once more.
  hand.after(hand.delay(section.undo, "registerUndo", row.ref), "registers.undo", row.ref, { id: row.id });
}

async function undo(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const { id } = item.data as { id: number };
  const county = item.key.slice(0, 6);
  await undoLink(hand.ctx("dataManager", county, `undo ${item.key}`), { id, why: "非同一人，撤销关联" });
  hand.count("registerUndone");
  const key = `${county}@undo ${item.key}`;
  hand.after(hand.delay(section.review, "registerReview", key), "registers.lastReview", key, { id, ref: item.key });
}

/** What was undone is decided once more, by the second clerk, who looks. */
async function lastReview(hand: Hand, item: DrillItem): Promise<void> {
  const { id } = item.data as { id: number };
  const county = item.key.slice(0, 6);
  const ctx = hand.ctx("dataManager", county, `again ${item.key}`);
  const queue = await listReview(hand.ctx("dataManager", county, `queue ${item.key}`, { reason }), { limit: 200 });
  const row = queue.items.find((entry) => entry.id === id);
  if (!row) return;
  const truth = personIdOf(personOf(hand, countyOf(hand, county), row.ref));
  const known = row.candidates.some((candidate) => candidate.personId === truth);
  await answerReview(ctx, known ? { id, answer: "same", personId: truth } : { id, answer: "other" });
}

/** Rows that fit nobody after all: their reporters are told, and the rows are closed. */
async function close(hand: Hand, item: DrillItem): Promise<void> {
  const county = item.key;
  for (let page = 0; page < closePagesMax; page++) {
    const ctx = hand.ctx("dataManager", county, `unmatched ${county} ${page}`);
    const { items } = await listEntries(ctx, { state: "new", limit: 200 });
    if (items.length === 0) return;
    for (const row of items)
      await answerReview(hand.ctx("dataManager", county, `close ${row.ref}`), { id: row.id, answer: "other" });
  }
}

function actor(section: Section): DrillActor {
  return {
    name: "people-register",
    items: {
      "registers.ask": (hand) => ask(hand, section),
      "registers.send": (hand, item) => send(hand, section, item),
      "registers.link": (hand, item) => link(hand, section, item),
      "registers.review": (hand, item) => review(hand, section, item),
      "registers.undo": (hand, item) => undo(hand, section, item),
      "registers.close": (hand, item) => close(hand, item),
      "registers.lastReview": (hand, item) => lastReview(hand, item),
    },
    events: {
      // Nobody asks for registers before there is something to trace.
      "cases.preliminary": (hand) => {
        const memory = memoryOf(hand);
        if (memory.asked) return;
        memory.asked = true;
        hand.after(hand.delay(section.asked, "registerAsked", "city"), "registers.ask", "city");
      },
    },
  };
}

/** Registers brought together in the week after the first positive: rows with mistakes, links, reviews, links taken back. */
export const peopleRegisterSystem = defineSystem({
  name: "people-register",
  title: { "zh-CN": "人员基础库", en: "Registers of people" },
  section: Section,
  actor,
  tally: registersTally,
});
