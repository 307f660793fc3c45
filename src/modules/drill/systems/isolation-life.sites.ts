import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays } from "#kernel/time";
import {
  checkSite,
  closeSite,
  enterLogs as enterSiteLogs,
  finishConversion,
  listSiteLives,
  listStaff,
  nameDuties,
  openSite,
  outlook,
  recordStaffTests,
  registerStaff,
  sendSiteBack,
  siteRecord,
  standDownSite,
  type DutyRole,
  type SiteCard,
  type SiteLife,
  type WorkZone,
} from "#modules/isolation";
import { orderPlanned } from "../actors/opening.ts";
import { inventedName } from "../names.rules.ts";
import type { Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { memoryOf, type IsolationLife } from "./isolation-life.section.ts";

/** What happens at the sites themselves: conversions, checks, posts, staff and their tests, daily logs. */

const pageMax = 200;
const perCallMax = 1_800;
const posts: readonly DutyRole[] = ["countyLeader", "disciplineOfficer"];
const groups: readonly DutyRole[] = [
  "disinfection",
  "healthObservation",
  "informationLiaison",
  "security",
  "logistics",
  "caseTransfer",
  "humanisticCare",
];
const zonesOfWork: readonly WorkZone[] = ["isolation", "buffer", "clean", "isolation"];
/** Names of posts are drawn apart from those of the city's people. */
const firstPostName = 50_000_000;

const builder = (hand: Hand, command: string) => hand.ctx("siteManager", hand.scenario.areaCode, command);
const manager = (hand: Hand, command: string) => hand.ctx("isolationManager", hand.scenario.areaCode, command);

/** Every site in a step of its life, by its area and name. */
async function sitesIn(hand: Hand, life: SiteLife, command: string): Promise<SiteCard[]> {
  const sites: SiteCard[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listSiteLives>> = await listSiteLives(manager(hand, `${command} ${cursor}`), {
      life,
      limit: pageMax,
      ...(cursor ? { cursor } : {}),
    });
    sites.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return sites.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(site: { readonly areaCode: string; readonly name: string }): string {
  return `${site.areaCode} ${site.name}`;
}

/** Names the given posts of sites; a person for each, by the place of the site in the list. */
async function namePosts(
  hand: Hand,
  sites: readonly SiteCard[],
  roles: readonly DutyRole[],
  key: string,
): Promise<void> {
  const duties = sites.flatMap((site) =>
    roles.map((role, r) => {
      const no = firstPostName + nameNo(site.name) * 16 + r;
      return { siteId: site.id, role, name: inventedName(hand.seed, no, no), phone: `DRILL${no}` };
    }),
  );
  for (let from = 0; from < duties.length; from += perCallMax)
    await nameDuties(manager(hand, `posts ${key} ${from}`), { duties: duties.slice(from, from + perCallMax) });
}

/** A number that follows from a name, so that a site's people are the same in every run. */
function nameNo(name: string): number {
  let no = 0;
  for (const letter of name) no = (no * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return no;
}

async function bringStaff(hand: Hand, section: IsolationLife, sites: readonly SiteCard[], key: string): Promise<void> {
  const perSite = Math.max(1, Math.round(section.staffPerSite.value * hand.scale));
  const staff = sites.flatMap((site) =>
    Array.from({ length: perSite }, (_, i) => ({
      siteId: site.id,
      code: `${nameNo(keyOf(site))}-${i + 1}`,
      zone: need(zonesOfWork[(nameNo(site.name) + i) % zonesOfWork.length], "a zone of work"),
    })),
  );
  for (let from = 0; from < staff.length; from += perCallMax)
    await registerStaff(manager(hand, `staff ${key} ${from}`), { staff: staff.slice(from, from + perCallMax) });
}

/** Standing sites get their leader, their officer, their groups and their staff. */
export async function activate(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  const sites = await sitesIn(hand, "opened", `standing ${item.key}`);
  await namePosts(hand, sites, [...posts, ...groups], item.key);
  await bringStaff(hand, section, sites, item.key);
}

/** The desk looks at the forecast and orders one more conversion where the rooms in hand do not last. */
export async function forecast(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  hand.after(section.forecastEveryHours.value * 60, "isolationLife.forecast", `${hand.minute}`);
  const { items } = await outlook(manager(hand, `outlook ${item.key}`), { areaCode: hand.scenario.areaCode });
  if (!items.some((row) => row.kind === "central" && row.orderNow)) return;
  await orderPlanned(hand, "central", `forecast ${item.key}`);
}

interface SiteItem {
  readonly siteId: string;
  readonly name: string;
}

export async function converted(hand: Hand, item: DrillItem): Promise<void> {
  const { siteId } = item.data as SiteItem;
  await finishConversion(builder(hand, `converted ${item.key}`), { siteId });
}

/** The list is gone through; the first time an item may be unmet, and the builders come back. */
export async function check(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  const { siteId, name } = item.data as SiteItem;
  const record = await siteRecord(manager(hand, `list ${item.key}`), { siteId });
  const first = !record.events.some((event) => event.life === "converting" && event.note !== null);
  const fails = first && hand.chance(section.checkFails.value, "checkFails", name);
  const faulty = record.checks.filter((row) => row.mandatory)[nameNo(name) % record.checks.length]?.item;
  await checkSite(manager(hand, `check ${item.key}`), {
    siteId,
    items: record.checks.map((row) => ({ item: row.item, met: !(fails && row.item === (faulty ?? "neverCross")) })),
  });
  await namePosts(hand, [record.site], posts, `new ${item.key}`);
  if (!fails) return;
  memoryOf(hand).mending.push(name);
  await sendSiteBack(manager(hand, `back ${item.key}`), { siteId, note: "mend and show again / 整改后复核" });
  hand.count("sitesSentBack");
}

/** A checked site opens, unless an earlier phase of the fangcang is still being built; then it tries again. */
export async function open(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  const { siteId } = item.data as SiteItem;
  const { site } = await siteRecord(manager(hand, `record ${item.key}`), { siteId });
  if (site.life !== "checked") return;
  try {
    await openSite(manager(hand, `open ${item.key}`), { siteId });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "rule.refused") throw error;
    hand.after(60, "isolationLife.open", item.key, item.data);
    return;
  }
  hand.count("sitesOpened");
  await namePosts(hand, [site], groups, `groups ${item.key}`);
  await bringStaff(hand, section, [site], item.key);
}

/** 21:00: each open site enters its day; some forget it until the next noon. */
export async function enterLogs(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute("21:00", 1), "isolationLife.log", addDays(item.key, 1));
  const memory = memoryOf(hand);
  const logs = [];
  for (const site of await sitesIn(hand, "opened", `log ${item.key}`)) {
    const key = keyOf(site);
    const change = site.inUse - (memory.present[key] ?? 0);
    memory.present[key] = site.inUse;
    const log = {
      siteId: site.id,
      day: item.key,
      cameIn: Math.max(0, change),
      wentOut: Math.max(0, -change),
      present: site.inUse,
      incidents: hand.chance(section.incidentShare.value, "incident", `${key} ${item.key}`) ? 1 : 0,
    };
    if (hand.chance(section.logForgotten.value, "logForgotten", `${key} ${item.key}`)) memory.forgotten.push(log);
    else logs.push(log);
  }
  if (logs.length > 0) await enterSiteLogs(builder(hand, `logs ${item.key}`), { logs });
}

/** Noon: the logs that were forgotten yesterday are entered late. */
export async function lateLogs(hand: Hand, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute("12:00", 1), "isolationLife.lateLog", addDays(item.key, 1));
  const memory = memoryOf(hand);
  const logs = memory.forgotten;
  memory.forgotten = [];
  if (logs.length > 0) await enterSiteLogs(builder(hand, `late logs ${item.key}`), { logs });
}

/** 08:00: the staff of all sites are tested, but for those who are missed today. */
export async function testStaff(hand: Hand, section: IsolationLife, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute("08:00", 1), "isolationLife.test", addDays(item.key, 1));
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStaff>> = await listStaff(manager(hand, `staff ${item.key} ${cursor}`), {
      limit: pageMax,
      ...(cursor ? { cursor } : {}),
    });
    const tests = page.items
      .filter((member) => member.dueAt !== null)
      .filter((member) => !hand.chance(section.staffTestMissed.value, "staffTest", `${member.code} ${item.key}`))
      .map((member) => ({ staffId: member.id, result: "negative" as const }));
    if (tests.length > 0) await recordStaffTests(manager(hand, `tests ${item.key} ${cursor}`), { tests });
    cursor = page.next;
  } while (cursor !== null);
}

/** Emergency sites and phases of the fangcang that nobody lives in any more are closed and cleaned. */
export async function closeEmpty(hand: Hand, item: DrillItem): Promise<void> {
  hand.after(12 * 60, "isolationLife.close", `again ${hand.minute}`);
  for (const site of await sitesIn(hand, "opened", `close ${item.key}`)) {
    if (!(site.emergency || site.kind === "fangcang") || site.inUse + site.reserved > 0) continue;
    await closeSite(manager(hand, `close ${keyOf(site)} ${item.key}`), { siteId: site.id });
    hand.count("sitesClosed");
  }
}

export async function standDown(hand: Hand, item: DrillItem): Promise<void> {
  const { siteId } = item.data as SiteItem;
  await standDownSite(manager(hand, `stand down ${item.key}`), { siteId });
  hand.count("sitesStoodDown");
}
