import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { endDuties, dutiesOf } from "./duty.store.ts";
import type { Site, SiteKind } from "./isolation.model.ts";
import type { CheckAnswer, CheckRow, DutyRow, LifeEvent, SiteCard, SiteLife } from "./life.model.ts";
import { itemsFor, itemsMissing, mayBecome, openingRefusal, stepDue } from "./life.rules.ts";
import {
  blockBedsAfter,
  checksOf,
  dropChecks,
  lifeEvents,
  lockLife,
  pageSiteCards,
  saveChecks,
  setLife,
  siteCard,
  unblockBeds,
  type LifeFacts,
  type LifeQuery,
} from "./life.store.ts";
import { finishCleaning, siteById, unopenedPhasesBefore } from "./sites.store.ts";
import { endStaff } from "./staff.store.ts";
import { siteStandard } from "./standard.load.ts";

/** The life of a site, step by step, each with its deadline. */

const siteWrite = "isolation.site.write";
const siteCheck = "isolation.site.check";
const read = "isolation.read";
const noteCharsMax = 500;

/** The site, locked for a step of its life. */
async function lockedSite(tx: Tx, siteId: string): Promise<LifeFacts> {
  const site = await lockLife(tx, siteId);
  if (!site) throw new ProblemError("record.notFound", { what: "site" });
  return site;
}

/** The area of a site, for the jurisdiction of a use case. */
export async function areaOfSite(input: { readonly siteId: string }, tx: Tx): Promise<string> {
  const site = await siteById(tx, input.siteId);
  if (!site) throw new ProblemError("record.notFound", { what: "site" });
  return site.areaCode;
}

/** Takes one step, tells the others, and puts the next one on the list of who must take it. */
async function step(tx: Tx, site: LifeFacts, life: SiteLife, note: string | null = null): Promise<void> {
  if (!mayBecome(site.life, life)) throw new ProblemError("state.notAllowed", { state: site.life });
  const outbreak = await findCurrentOutbreak(tx);
  const dueAt = stepDue(outbreak?.protocol.isolation ?? null, site.kind, life, tx.now);
  await setLife(tx, site, life, dueAt, note);
  const subject = { subjectType: "isolationSite", subjectIds: [site.id] };
  if (life === "converting") await cancelTasks(tx, subject);
  else await completeTasks(tx, { ...subject, evidence: { note: life } });
  if (outbreak && dueAt !== null)
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: nextTask[life] ?? "siteConvert",
        areaCode: site.areaCode,
        ownerTeam: life === "converted" ? "isolation" : "site",
        subjectType: "isolationSite",
        subjectId: site.id,
        dueAt,
      },
    ]);
  await tx.emit({
    name: "isolation.siteLife",
    ...(outbreak ? { outbreakId: outbreak.id } : {}),
    areaCode: site.areaCode,
    subjectType: "isolationSite",
    subjectId: site.id,
    data: {
      siteId: site.id,
      name: site.name,
      kind: site.kind,
      phase: site.phase,
      life,
      dueAt,
      late: late(site, tx.now),
    } satisfies SiteLifeChanged,
  });
}

/** Data of `isolation.siteLife`. */
export interface SiteLifeChanged {
  readonly siteId: string;
  readonly name: string;
  readonly kind: SiteKind;
  readonly phase: number | null;
  readonly life: SiteLife;
  readonly dueAt: string | null;
  /** Was the step that ended late? */
  readonly late: boolean;
}

const nextTask: Partial<Readonly<Record<SiteLife, string>>> = {
  converting: "siteConvert",
  converted: "siteCheck",
  checked: "siteOpen",
  cleaning: "siteClean",
};

function late(site: LifeFacts, now: string): boolean {
  return site.dueAt !== null && now > site.dueAt;
}

/** Orders the conversion of a selected building, or the building of a fangcang phase; its deadline begins. spec: ISO-23 */
export const orderConversion = useCase(
  { name: "isolation.orderConversion", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string; note?: string }): Promise<SiteCard> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life === "converted") throw new ProblemError("state.notAllowed", { state: site.life });
    await dropChecks(tx, site.id);
    await step(tx, site, "converting", input.note?.slice(0, noteCharsMax) ?? null);
    return cardOf(tx, site.id);
  },
);

/** The builders report that the conversion is finished; from now it waits for its check. */
export const finishConversion = useCase(
  { name: "isolation.finishConversion", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string; note?: string }): Promise<SiteCard> => {
    const site = await lockedSite(tx, input.siteId);
    // Back from "checked" is a decision of who checks, not of the builders.
    if (site.life !== "converting") throw new ProblemError("state.notAllowed", { state: site.life });
    await step(tx, site, "converted", input.note?.slice(0, noteCharsMax) ?? null);
    return cardOf(tx, site.id);
  },
);

export interface CheckSite {
  readonly siteId: string;
  readonly items: readonly CheckAnswer[];
}

/** Answers items of the list; with the last mandatory one met the site is checked. spec: ISO-24 */
export const checkSite = useCase(
  { name: "isolation.checkSite", permission: siteCheck, kind: "write", area: areaOfSite },
  async (tx, input: CheckSite): Promise<{ site: SiteCard; missing: string[] }> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life !== "converted" && site.life !== "checked")
      throw new ProblemError("state.notAllowed", { state: site.life });
    if (site.convertedBy === tx.actor.id)
      throw new ProblemError("rule.refused", {
        rule: "ISO-24",
        why: "who converted a site does not check it / 改造人不得核验",
      });
    const known = new Set(itemsFor(siteStandard, site.kind).map((item) => item.id));
    if (input.items.some((answer) => !known.has(answer.item)))
      throw new ProblemError("record.notFound", { what: "item of the list" });
    await saveChecks(tx, site, input.items);
    const missing = itemsMissing(siteStandard, site.kind, await checksOf(tx, site.id));
    if (missing.length === 0 && site.life === "converted") await step(tx, site, "checked");
    if (missing.length > 0 && site.life === "checked") await step(tx, site, "converted", missing.join(", "));
    return { site: await cardOf(tx, site.id), missing };
  },
);

/** Sends a site whose list is not met back to the builders; the time of a conversion begins anew. spec: ISO-24 */
export const sendSiteBack = useCase(
  { name: "isolation.sendSiteBack", permission: siteCheck, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string; note: string }): Promise<SiteCard> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life !== "converted") throw new ProblemError("state.notAllowed", { state: site.life });
    await step(tx, site, "converting", input.note.slice(0, noteCharsMax));
    return cardOf(tx, site.id);
  },
);

export interface OpenSite {
  readonly siteId: string;
  /** Beds of the first batch; the others stay blocked until they are opened too. Without it all of them. */
  readonly beds?: number;
}

/** Opens a checked site that has its leader and its officer; a fangcang phase only after those before it. spec: ISO-18, ISO-24, ISO-25 */
export const openSite = useCase(
  { name: "isolation.openSite", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: OpenSite): Promise<Site> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life === "opened" || site.life === "cleaning" || site.life === "stoodDown")
      throw new ProblemError("state.notAllowed", { state: site.life });
    if (site.readyAt !== null && site.readyAt > tx.now)
      throw new ProblemError("rule.refused", {
        rule: "ISO-18",
        why: `it is not ready before ${site.readyAt} / 尚未建成`,
      });
    if (site.kind === "fangcang" && site.phase !== null && (await unopenedPhasesBefore(tx, site.phase)) > 0)
      throw new ProblemError("rule.refused", {
        rule: "ISO-18",
        why: "an earlier phase is not open yet / 前一期尚未启用",
      });
    const refusal = openingRefusal({
      life: site.life,
      missing: itemsMissing(siteStandard, site.kind, await checksOf(tx, site.id)),
      posts: (await dutiesOf(tx, site.id)).filter((duty) => duty.toAt === null).map((duty) => duty.role),
    });
    if (refusal) throw new ProblemError("rule.refused", { ...refusal });
    await step(tx, site, "opened");
    if (input.beds !== undefined) await blockBedsAfter(tx, site.id, input.beds);
    const open = await openedSite(tx, site.id);
    await tx.emit({
      name: "isolation.siteOpened",
      areaCode: site.areaCode,
      subjectType: "isolationSite",
      subjectId: site.id,
      data: { siteId: site.id, kind: site.kind, phase: site.phase, beds: open.beds },
    });
    return open;
  },
);

/** The next planned phase of a fangcang opens under its own rules. */
export const openFangcangPhase = openSite;

/** Opens the next batch of beds of an open site. spec: ISO-18 */
export const openBeds = useCase(
  { name: "isolation.openBeds", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string; beds: number }): Promise<{ opened: number }> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life !== "opened") throw new ProblemError("state.notAllowed", { state: site.life });
    return { opened: await unblockBeds(tx, site.id, input.beds) };
  },
);

/** Closes a site nobody lives in; its terminal disinfection begins. spec: ISO-18 */
export const closeSite = useCase(
  { name: "isolation.closeSite", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string }): Promise<Site> => {
    const facts = await lockedSite(tx, input.siteId);
    if (facts.life !== "opened") throw new ProblemError("state.notAllowed", { state: facts.life });
    const site = await openedSite(tx, input.siteId);
    if (site.inUse + site.reserved > 0)
      throw new ProblemError("rule.refused", {
        rule: "ISO-18",
        why: `${site.inUse + site.reserved} beds are still taken / 仍有人员在住`,
      });
    await step(tx, facts, "cleaning");
    await tx.emit({
      name: "isolation.siteClosed",
      areaCode: site.areaCode,
      subjectType: "isolationSite",
      subjectId: site.id,
      data: { siteId: site.id },
    });
    return openedSite(tx, site.id);
  },
);

/** The disinfection is over: the site is stood down, its posts and staff are free. spec: ISO-22 */
export const standDownSite = useCase(
  { name: "isolation.standDownSite", permission: siteWrite, kind: "write", area: areaOfSite },
  async (tx, input: { siteId: string; note?: string }): Promise<SiteCard> => {
    const site = await lockedSite(tx, input.siteId);
    if (site.life !== "cleaning") throw new ProblemError("state.notAllowed", { state: site.life });
    await finishCleaning(tx);
    const { cleaning } = await openedSite(tx, site.id);
    if (cleaning > 0)
      throw new ProblemError("rule.refused", {
        rule: "ISO-22",
        why: `${cleaning} beds are still being disinfected / 仍有床位在消毒`,
      });
    await step(tx, site, "stoodDown", input.note?.slice(0, noteCharsMax) ?? null);
    await endDuties(tx, site.id);
    await endStaff(tx, site.id);
    return cardOf(tx, site.id);
  },
);

async function openedSite(tx: Tx, id: string): Promise<Site> {
  const site = await siteById(tx, id);
  if (!site) throw new ProblemError("record.notFound", { what: "site" });
  return site;
}

async function cardOf(tx: Tx, id: string): Promise<SiteCard> {
  const card = await siteCard(tx, id);
  if (!card) throw new ProblemError("record.notFound", { what: "site" });
  return card;
}

export const listSiteLives = useCase(
  { name: "isolation.listSiteLives", permission: read, kind: "read" },
  (tx, query: LifeQuery) => pageSiteCards(tx, query),
);

export interface SiteRecord {
  readonly site: SiteCard;
  readonly events: LifeEvent[];
  readonly checks: CheckRow[];
  readonly missing: string[];
  readonly duties: DutyRow[];
}

/** One site's whole record: its life, its list, its posts. */
export const siteRecord = useCase(
  { name: "isolation.siteRecord", permission: read, kind: "read" },
  async (tx, input: { siteId: string }): Promise<SiteRecord> => {
    const site = await cardOf(tx, input.siteId);
    if (!isWithin(site.areaCode, tx.actor.areaCode)) throw new ProblemError("record.notFound", { what: "site" });
    const stored = new Map((await checksOf(tx, site.id)).map((check) => [check.item, check]));
    const checks = itemsFor(siteStandard, site.kind).map(({ id, part, mandatory, text, source }): CheckRow => {
      const answer = stored.get(id);
      return {
        item: id,
        part,
        mandatory,
        text,
        source,
        met: answer?.met ?? null,
        note: answer?.note ?? null,
        checkedAt: answer?.checkedAt ?? null,
        checkedBy: answer?.checkedBy ?? null,
      };
    });
    return {
      site,
      events: await lifeEvents(tx, site.id),
      checks,
      missing: itemsMissing(siteStandard, site.kind, [...stored.values()]),
      duties: await dutiesOf(tx, site.id),
    };
  },
);
