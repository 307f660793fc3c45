import { addHours, wallClock, type Instant } from "#kernel/time";
import type { PublicInformation } from "#domain/outbreaks";
import type { FrozenFigure } from "./figures.model.ts";
import type { BothTexts, PublicPlace, RequestKind, TimeBand } from "./public.model.ts";

/** What the system takes when a protocol says nothing of public information. */
export const publicDefaults: PublicInformation = {
  rule: "PUB-TIME",
  bulletinHours: 12,
  requestHours: { otherwise: 24 },
  rumourHours: 24,
};

/** When a request must have its answer. spec: PUB-5 */
export function requestDueAt(rules: PublicInformation, kind: RequestKind, askedAt: Instant): Instant {
  return addHours(askedAt, rules.requestHours[kind] ?? rules.requestHours["otherwise"] ?? rules.rumourHours);
}

/** The band of hours a moment falls into; a bulletin never gives a finer time. spec: PUB-2 */
export function timeBand(at: Instant, timeZone: string): TimeBand {
  const hour = Number(wallClock(at, timeZone).time.slice(0, 2));
  if (hour < 6) return "night";
  if (hour < 11) return "morning";
  if (hour < 14) return "noon";
  return hour < 18 ? "afternoon" : "evening";
}

const bandWords: Readonly<Record<TimeBand, BothTexts>> = {
  night: { "zh-CN": "凌晨", en: "before 06:00" },
  morning: { "zh-CN": "上午", en: "06:00–11:00" },
  noon: { "zh-CN": "中午", en: "11:00–14:00" },
  afternoon: { "zh-CN": "下午", en: "14:00–18:00" },
  evening: { "zh-CN": "晚间", en: "after 18:00" },
};

/** The places of several people as one list that cannot be taken apart again: by day and name, each once. spec: PUB-2 */
export function mergedPlaces(places: readonly PublicPlace[]): PublicPlace[] {
  const keyOf = (place: PublicPlace) => `${place.day} ${place.name} ${bandOrder(place.band)}`;
  const byKey = new Map(places.map((place) => [keyOf(place), place]));
  return [...byKey.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

function bandOrder(band: TimeBand): number {
  return Object.keys(bandWords).indexOf(band);
}

/** What makes a text unfit for the public: the pattern of a number or an address of one household, or a person's name. */
const privatePatterns: readonly (readonly [string, RegExp])[] = [
  ["identityNumber", /(?<!\d)\d{17}[\dXx](?!\d)/],
  ["phone", /(?<!\d)1[3-9]\d{9}(?!\d)/],
  ["household", /\d+\s*(?:号楼|栋|单元|室|户)/],
  ["plate", /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}/],
];
const nameCharsMin = 2;

/** Why a text may not be published: empty when it names no person, number, household or vehicle. spec: PUB-2 */
export function privacyFaults(texts: BothTexts, namesOfPeople: readonly string[]): string[] {
  const text = `${texts["zh-CN"]}\n${texts.en}`;
  const found = privatePatterns.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
  const named = namesOfPeople.some((name) => name.length >= nameCharsMin && text.includes(name));
  return named ? [...found, "personName"] : found;
}

interface CountyFigures {
  readonly areaCode: string;
  readonly confirmed: number;
  readonly asymptomatic: number;
}

function sumOf(figures: readonly FrozenFigure[], name: string, field: "value" | "change", area = ""): number {
  return figures
    .filter((row) => row.figure === name && row.areaCode.startsWith(area))
    .reduce((sum, row) => sum + row[field], 0);
}

function countiesOf(figures: readonly FrozenFigure[]): CountyFigures[] {
  return [...new Set(figures.map((row) => row.areaCode))]
    .toSorted()
    .map((areaCode) => ({
      areaCode,
      confirmed: sumOf(figures, "confirmed", "change", areaCode),
      asymptomatic: sumOf(figures, "asymptomatic", "change", areaCode),
    }))
    .filter((county) => county.confirmed + county.asymptomatic > 0);
}

export interface BulletinFacts {
  readonly no: number;
  readonly cutoffAt: Instant;
  readonly timeZone: string;
  readonly area: BothTexts;
  readonly drill: boolean;
  readonly figures: readonly FrozenFigure[];
  readonly places: readonly PublicPlace[];
  readonly nameOf: (areaCode: string) => BothTexts;
}

function bulletinZh(facts: BulletinFacts, cutoff: string): string {
  const { figures } = facts;
  const total = (name: string) => sumOf(figures, name, "value");
  const counties = countiesOf(figures).map(
    (row) => `${facts.nameOf(row.areaCode)["zh-CN"]}新增确诊${row.confirmed}例、无症状感染者${row.asymptomatic}例`,
  );
  return [
    ...(facts.drill ? ["【演练，非真实疫情】"] : []),
    `截至${cutoff}，${facts.area["zh-CN"]}较上期新增本土确诊病例${sumOf(figures, "confirmed", "change")}例、无症状感染者${sumOf(figures, "asymptomatic", "change")}例。`,
    ...(counties.length > 0 ? [`${counties.join("；")}。`] : []),
    `本起疫情累计报告确诊病例${total("confirmed")}例、无症状感染者${total("asymptomatic")}例；在院治疗和医学观察${total("inCare")}例，治愈出院和解除医学观察${total("recovered")}例，死亡${total("died")}例。`,
    `现有风险区${total("zones")}个，集中和居家隔离${total("placed")}人。`,
    ...(facts.places.length > 0
      ? [
          "涉疫公共场所和时段（请曾到过的市民向所在村居报告并参加核酸检测）：",
          ...facts.places.map((place) => `${place.day} ${bandWords[place.band]["zh-CN"]}　${place.name}`),
        ]
      : []),
  ].join("\n");
}

function bulletinEn(facts: BulletinFacts, cutoff: string): string {
  const { figures } = facts;
  const total = (name: string) => sumOf(figures, name, "value");
  const counties = countiesOf(figures).map(
    (row) => `${facts.nameOf(row.areaCode).en}: ${row.confirmed} confirmed, ${row.asymptomatic} asymptomatic`,
  );
  return [
    ...(facts.drill ? ["[DRILL – no real outbreak]"] : []),
    `As of ${cutoff}, ${facts.area.en} reports ${sumOf(figures, "confirmed", "change")} new confirmed cases and ${sumOf(figures, "asymptomatic", "change")} new asymptomatic infections since the last bulletin.`,
    ...(counties.length > 0 ? [`${counties.join("; ")}.`] : []),
    `In this outbreak: ${total("confirmed")} confirmed, ${total("asymptomatic")} asymptomatic; ${total("inCare")} in care, ${total("recovered")} recovered, ${total("died")} died.`,
    `${total("zones")} risk zones in force; ${total("placed")} people in quarantine.`,
    ...(facts.places.length > 0
      ? [
          "Public places and hours concerned (if you were there, tell your village or community and take a test):",
          ...facts.places.map((place) => `${place.day} ${bandWords[place.band].en}  ${place.nameEn}`),
        ]
      : []),
  ].join("\n");
}

/** The bulletin of a freeze in both languages: counts by county, and public places by day and band of hours. spec: PUB-1, PUB-2 */
export function bulletinTexts(facts: BulletinFacts): { title: BothTexts; body: BothTexts } {
  const { day, time } = wallClock(facts.cutoffAt, facts.timeZone);
  return {
    title: {
      "zh-CN": `${facts.area["zh-CN"]}疫情通报（第${facts.no}号）`,
      en: `${facts.area.en}: outbreak bulletin no. ${facts.no}`,
    },
    body: { "zh-CN": bulletinZh(facts, `${day} ${time}`), en: bulletinEn(facts, `${day} ${time}`) },
  };
}
