import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import {
  checkSite,
  finishConversion,
  listSiteLives,
  nameDuties,
  openSite,
  orderConversion,
  siteRecord,
  type SiteCard,
  type SiteKind,
} from "#modules/isolation";
import type { Hand } from "../hand.ts";

/** How places are opened in a drill, whoever wants them: the command post, the desk that gives out rooms, a site's own system. */

/** The system that plays the life of sites; without it the county does here, in a hurry, what a site needs to open. */
export const siteLifeSystem = "isolation-life";
const pageMax = 200;

export function playsSiteLife(hand: Hand): boolean {
  return hand.memory.systems[siteLifeSystem] !== undefined;
}

const manager = (hand: Hand, command: string) => hand.ctx("isolationManager", hand.scenario.areaCode, command);

/** The planned places of a kind, the earliest phase first, then by name. */
async function plannedSites(hand: Hand, kind: SiteKind, key: string): Promise<SiteCard[]> {
  const lives = ["selected", "converting", "converted", "checked"] as const;
  const pages = [];
  for (const life of lives)
    pages.push(...(await listSiteLives(manager(hand, `planned ${life} ${key}`), { kind, life, limit: pageMax })).items);
  return pages.toSorted((a, b) => (a.phase ?? 0) - (b.phase ?? 0) || (a.name < b.name ? -1 : 1));
}

/** Orders the conversion of the next place of a kind; says which, or null when all are ordered. */
export async function orderPlanned(hand: Hand, kind: SiteKind, key: string): Promise<SiteCard | null> {
  const site = (await plannedSites(hand, kind, key)).find((one) => one.life === "selected");
  if (!site) return null;
  await orderConversion(manager(hand, `order ${key}`), { siteId: site.id });
  hand.count("conversionsOrdered");
  return site;
}

/** Takes a place to where it may open: converted, every item of its list checked by another person, its two posts filled. */
async function makeReady(hand: Hand, site: SiteCard, key: string): Promise<void> {
  const { id: siteId } = site;
  const builder = (command: string) => hand.ctx("siteManager", hand.scenario.areaCode, `${command} ${key}`);
  if (site.life === "selected") await orderConversion(builder("order"), { siteId });
  if (site.life === "selected" || site.life === "converting") await finishConversion(builder("converted"), { siteId });
  const { checks } = await siteRecord(manager(hand, `list ${key}`), { siteId });
  await checkSite(manager(hand, `check ${key}`), { siteId, items: checks.map(({ item }) => ({ item, met: true })) });
  await nameDuties(manager(hand, `posts ${key}`), {
    duties: [
      { siteId, role: "countyLeader", name: "县级领导" },
      { siteId, role: "disciplineOfficer", name: "纪检干部" },
    ],
  });
}

/** Opens the first planned place of a kind that may open; says whether there was one. */
export async function openPlanned(hand: Hand, kind: SiteKind, key: string): Promise<boolean> {
  const planned = await plannedSites(hand, kind, key);
  if (!playsSiteLife(hand)) {
    const [site] = planned.filter((one) => one.readyAt === null || one.readyAt <= hand.now);
    if (!site) return false;
    await makeReady(hand, site, key);
    await openSite(manager(hand, `open ${key}`), { siteId: site.id });
    hand.count("sitesOpened");
    return true;
  }
  for (const [i, site] of planned.filter((one) => one.life === "checked").entries())
    try {
      await openSite(manager(hand, `open ${i} ${key}`), { siteId: site.id });
      hand.count("sitesOpened");
      return true;
    } catch (error) {
      // An earlier phase is still being built, or its officer is on the way: the next one may be ready.
      if (!(error instanceof ProblemError) || error.code !== "rule.refused") throw error;
    }
  return false;
}

/** People wait without a room: whatever is ready is opened; if nothing is and nothing is being made, the next place is ordered. */
export async function openMore(hand: Hand, kind: SiteKind, key: string): Promise<void> {
  if (await openPlanned(hand, kind, key)) return;
  const inHand = (await plannedSites(hand, kind, `in hand ${key}`)).some((site) => site.life !== "selected");
  if (playsSiteLife(hand) && !inHand) await orderPlanned(hand, kind, `more ${key}`);
}

/** How long the making of a place may take by the scenario, in minutes. */
export function makingMinutes(hand: Hand, kind: SiteKind, phase: number | null): number {
  const { fangcang, emergencyOpenHours } = hand.scenario.isolation;
  if (kind !== "fangcang") return emergencyOpenHours.value * 60;
  return (
    need(
      fangcang.find((one) => one.no === phase),
      "a fangcang phase of the scenario",
    ).buildHours.value * 60
  );
}
