import { ProblemError } from "#kernel/errors";
import { addHours, dayOf } from "#kernel/time";
import { areaByCode, areasByCode } from "#modules/areas";
import { allCases } from "#modules/cases";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { completeTasks, createTasks } from "#modules/tasks";
import { tracksOfCases } from "#modules/tracing";
import { venueNames } from "#modules/venues";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { BothTexts, DraftNotice, Publication, PublicPlace, PublicQuery } from "./public.model.ts";
import { bulletinTexts, mergedPlaces, privacyFaults, publicDefaults, timeBand } from "./public.rules.ts";
import {
  insertPublication,
  lastBulletin,
  lockPublication,
  pagePublications,
  shownPublications,
  updateSentBack,
  updateSigned,
  updateSubmitted,
  updateTexts,
  updateWithdrawn,
} from "./public.store.ts";
import { frozenFigures, lastFreeze } from "./reports.store.ts";

/** Settings that would name a household or an employer; only where the public goes is published. */
const publicSettings = new Set(["meal", "entertainment", "gathering", "shop", "clinic", "publicPlace"]);
const casesNamedMax = 5_000;
const placesMax = 60;
const noticeSignHours = 24;

/** Where people found since the last bulletin were among the public, without saying who. spec: PUB-2 */
async function publicPlaces(tx: Tx, outbreak: Outbreak, since: string | null): Promise<PublicPlace[]> {
  const cases = (await allCases(tx, outbreak.id, "")).filter(({ positiveAt }) => since === null || positiveAt > since);
  const tracks = await tracksOfCases(
    tx,
    cases.slice(0, casesNamedMax).map(({ id }) => id),
  );
  const shown = tracks.filter((track) => track.venueId !== null && publicSettings.has(track.setting));
  const names = await venueNames(tx, [...new Set(shown.map((track) => track.venueId ?? ""))]);
  return mergedPlaces(
    shown.flatMap((track): PublicPlace[] => {
      const venue = names.get(track.venueId ?? "");
      if (!venue || venue.kind === "workplace") return [];
      const day = dayOf(track.fromAt, outbreak.timeZone);
      return [{ name: venue.name, nameEn: venue.nameEn, day, band: timeBand(track.fromAt, outbreak.timeZone) }];
    }),
  ).slice(-placesMax);
}

/** Refuses a text that names a case, a number, a household or a vehicle. spec: PUB-2 */
async function checkPrivacy(tx: Tx, outbreak: Outbreak, texts: readonly BothTexts[]): Promise<void> {
  const cases = await allCases(tx, outbreak.id, "");
  const people = await personCards(
    tx,
    cases.map(({ personId }) => personId),
  );
  const names = people.map(({ name }) => name);
  const faults = [...new Set(texts.flatMap((text) => privacyFaults(text, names)))];
  if (faults.length > 0) throw new ProblemError("rule.refused", { rule: "PUB-2", why: faults.join(", ") });
}

async function found(tx: Tx, id: string): Promise<Publication> {
  const row = await lockPublication(tx, id);
  if (!row) throw new ProblemError("record.notFound", { what: "publication" });
  return row;
}

function expectState(row: Publication, ...states: readonly Publication["state"][]): void {
  if (!states.includes(row.state)) throw new ProblemError("state.notAllowed", { state: row.state });
}

const write = { permission: "reports.publication.write", kind: "write" } as const;
const sign = { permission: "reports.publication.sign", kind: "write" } as const;
const areaOf = async ({ id }: { id: string }, tx: Tx) => (await found(tx, id)).areaCode;

/** Writes the bulletin of the last freeze; refused when that freeze has its bulletin or does not reconcile. spec: PUB-1 */
export const draftBulletin = useCase(
  {
    name: "reports.draftBulletin",
    ...write,
    area: async (_input: Record<string, never>, tx) => (await currentOutbreak(tx)).areaCode,
  },
  async (tx, _input: Record<string, never>): Promise<Publication> => {
    const outbreak = await currentOutbreak(tx);
    const freeze = await lastFreeze(tx, outbreak.id);
    if (!freeze) throw new ProblemError("rule.refused", { rule: "PUB-1", why: "no figures are frozen yet" });
    if (!freeze.reconciled)
      throw new ProblemError("rule.refused", { rule: "PUB-1", why: "the frozen figures do not reconcile" });
    const last = await lastBulletin(tx, outbreak.id);
    if (last?.freezeId === freeze.id) throw new ProblemError("record.duplicate", { what: "bulletin" });
    const figures = await frozenFigures(tx, freeze.id);
    const areas = await areasByCode(tx, [outbreak.areaCode, ...new Set(figures.map((row) => row.areaCode))]);
    const nameOf = (code: string): BothTexts => ({
      "zh-CN": areas.get(code)?.name ?? code,
      en: areas.get(code)?.nameEn ?? code,
    });
    const before = last ? addHours(freeze.cutoffAt, -24) : null;
    const texts = bulletinTexts({
      no: (last?.no ?? 0) + 1,
      cutoffAt: freeze.cutoffAt,
      timeZone: outbreak.timeZone,
      area: nameOf(outbreak.areaCode),
      drill: outbreak.drill,
      figures,
      places: await publicPlaces(tx, outbreak, before),
      nameOf,
    });
    const rules = outbreak.protocol.publicInformation ?? publicDefaults;
    const id = tx.newId();
    const dueAt = addHours(freeze.cutoffAt, rules.bulletinHours);
    await insertPublication(tx, {
      id,
      outbreakId: outbreak.id,
      areaCode: outbreak.areaCode,
      kind: "bulletin",
      no: (last?.no ?? 0) + 1,
      freezeId: freeze.id,
      ...texts,
      dueAt,
      validTo: null,
    });
    await askForSignature(tx, outbreak, id, outbreak.areaCode, dueAt);
    return found(tx, id);
  },
);

async function askForSignature(tx: Tx, outbreak: Outbreak, id: string, areaCode: string, dueAt: string): Promise<void> {
  await createTasks(tx, [
    {
      outbreakId: outbreak.id,
      kind: "signPublication",
      areaCode,
      ownerTeam: "publicInfo",
      subjectType: "publication",
      subjectId: id,
      dueAt,
    },
  ]);
}

/** Writes a notice for the people of an area. */
export const draftNotice = useCase(
  { name: "reports.draftNotice", ...write, area: (input: DraftNotice) => input.areaCode },
  async (tx, input): Promise<Publication> => {
    const outbreak = await currentOutbreak(tx);
    if (!(await areaByCode(tx, input.areaCode))) throw new ProblemError("record.notFound", { what: "area" });
    await checkPrivacy(tx, outbreak, [input.title, input.body]);
    const id = tx.newId();
    const dueAt = addHours(tx.now, noticeSignHours);
    await insertPublication(tx, {
      id,
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      kind: "notice",
      no: null,
      freezeId: null,
      title: input.title,
      body: input.body,
      dueAt,
      validTo: input.validTo ?? null,
    });
    await askForSignature(tx, outbreak, id, input.areaCode, dueAt);
    return found(tx, id);
  },
);

/** Changes the texts of a draft; whoever changed them last is its author. */
export const editPublication = useCase(
  { name: "reports.editPublication", ...write, area: areaOf },
  async (tx, input: { id: string; title: BothTexts; body: BothTexts }): Promise<Publication> => {
    expectState(await found(tx, input.id), "draft");
    await checkPrivacy(tx, await currentOutbreak(tx), [input.title, input.body]);
    await updateTexts(tx, input.id, input.title, input.body);
    return found(tx, input.id);
  },
);

export const submitPublication = useCase(
  { name: "reports.submitPublication", ...write, area: areaOf },
  async (tx, { id }: { id: string }): Promise<Publication> => {
    expectState(await found(tx, id), "draft");
    await updateSubmitted(tx, id);
    return found(tx, id);
  },
);

/** Signs and so publishes; never by whoever wrote it. spec: PUB-3 */
export const signPublication = useCase(
  { name: "reports.signPublication", ...sign, area: areaOf },
  async (tx, { id }: { id: string }): Promise<Publication> => {
    const row = await found(tx, id);
    expectState(row, "submitted");
    if (row.writtenBy === tx.actor.id)
      throw new ProblemError("rule.refused", { rule: "PUB-3", why: "a second person signs" });
    const outbreak = await currentOutbreak(tx);
    await checkPrivacy(tx, outbreak, [row.title, row.body]);
    await updateSigned(tx, id);
    await completeTasks(tx, { subjectType: "publication", subjectIds: [id], evidence: { note: "signed" } });
    await tx.emit({
      name: "reports.published",
      outbreakId: outbreak.id,
      areaCode: row.areaCode,
      subjectType: "publication",
      subjectId: id,
      data: { kind: row.kind, no: row.no },
    });
    return found(tx, id);
  },
);

export const sendBackPublication = useCase(
  { name: "reports.sendBackPublication", ...sign, area: areaOf },
  async (tx, { id, reason }: { id: string; reason: string }): Promise<Publication> => {
    expectState(await found(tx, id), "submitted");
    await updateSentBack(tx, id, reason);
    return found(tx, id);
  },
);

/** Takes a published text back, with its reason; what was said stays in the record. */
export const withdrawPublication = useCase(
  { name: "reports.withdrawPublication", ...sign, area: areaOf },
  async (tx, { id, reason }: { id: string; reason: string }): Promise<Publication> => {
    expectState(await found(tx, id), "published");
    await updateWithdrawn(tx, id, reason);
    return found(tx, id);
  },
);

export const listPublications = useCase(
  { name: "reports.listPublications", permission: "reports.publication.read", kind: "read" },
  (tx, query: PublicQuery): Promise<Page<Publication>> => pagePublications(tx, query),
);

const shownMax = 50;

/** What anybody may read: published and still valid. */
export const publishedNow = useCase(
  { name: "reports.publishedNow", permission: "reports.public.read", kind: "read" },
  (tx, { areaCode }: { areaCode?: string }): Promise<Publication[]> => shownPublications(tx, areaCode ?? "", shownMax),
);
