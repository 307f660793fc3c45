import { chainCases, type ChainFacts } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { householdsOfPeople } from "#modules/people";
import { venueNames, venuesByNumber } from "#modules/venues";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { meetingsOfCases } from "./chains.store.ts";
import { linksOf } from "./handover.store.ts";
import type { ChainLink, Chains, ChainVenue } from "./tracing.model.ts";
import { chainShape } from "./chain.shape.rules.ts";
import { infectionSite, sharedPlaces, shownAt, type InfectionSite } from "./where.rules.ts";

const workplaceKey = /^place venue (\d+)$/;
const venueKey = /^id (.+)$/;

/** The names of shared places: of a venue from its register, of a workplace by its number; words of an interview are not told. */
async function namesOf(tx: Tx, keys: readonly string[]): Promise<ChainVenue[]> {
  const numbers = keys.flatMap((key) => workplaceKey.exec(key)?.[1] ?? []).map(Number);
  const ids = keys.flatMap((key) => venueKey.exec(key)?.[1] ?? []);
  const byNumber = await venuesByNumber(tx, numbers);
  const byId = await venueNames(tx, ids);
  return keys.map((key) => {
    const found =
      byNumber.get(Number(workplaceKey.exec(key)?.[1] ?? Number.NaN)) ?? byId.get(venueKey.exec(key)?.[1] ?? "");
    return { name: found?.name ?? null, nameEn: found?.nameEn ?? null };
  });
}

/** Where each case was infected, and the places that several share. spec: TRACE-16 */
async function sitesOf(
  tx: Tx,
  outbreakId: string,
  cases: readonly ChainFacts[],
  links: readonly ChainLink[],
): Promise<{ readonly sites: ReadonlyMap<string, InfectionSite | null>; readonly shared: readonly string[] }> {
  const meetings = await meetingsOfCases(tx, outbreakId, cases);
  const shown = new Map(cases.map((record) => [record.id, shownAt(record)]));
  const settingOf = new Map(links.filter(({ directed }) => directed).map(({ b, setting }) => [b, setting]));
  const sites = new Map(
    cases.map((record) => [
      record.id,
      infectionSite(record, meetings.get(record.personId) ?? [], shown, settingOf.get(record.id) ?? null),
    ]),
  );
  return { sites, shared: sharedPlaces(sites.values()) };
}

/** Who infected whom, as far as an area's cases are known: nodes, edges, generations and clusters. spec: TRACE-12 */
export const chains = useCase(
  {
    name: "tracing.chains",
    permission: "tracing.contact.read",
    kind: "read",
    area: (input: { areaCode?: string }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<Chains> => {
    const outbreak = await currentOutbreak(tx);
    const cases = await chainCases(tx, outbreak.id, input.areaCode ?? tx.actor.areaCode);
    const links = await linksOf(tx, outbreak.id);
    const households = await householdsOfPeople(
      tx,
      cases.map((record) => record.personId),
    );
    const shape = chainShape(cases, links);
    const { sites, shared } = await sitesOf(tx, outbreak.id, cases, links);
    const indexOf = new Map(shared.map((key, index) => [key, index]));
    const known = links.length === 0 ? new Set<string>() : new Set(cases.map((record) => record.id));
    return {
      nodes: cases.map((record, i) => ({
        id: record.id,
        number: tx.lang === "en" ? record.titleEn : record.titleZh,
        ref: record.ref,
        areaCode: record.areaCode,
        state: record.state,
        provenance: record.provenance,
        positiveAt: record.positiveAt,
        onsetAt: record.onsetAt,
        generation: shape.generation[i] ?? 0,
        cluster: shape.cluster[i] ?? record.id,
        householdId: households.get(record.personId) ?? null,
        venue: indexOf.get(sites.get(record.id)?.key ?? "") ?? null,
        setting: sites.get(record.id)?.setting ?? null,
      })),
      venues: await namesOf(tx, shared),
      edges: [...shape.edges],
      links: links.filter((link) => known.has(link.a) && known.has(link.b)),
      clusters: [...shape.clusters],
    };
  },
);
