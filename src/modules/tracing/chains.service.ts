import { allCases } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { homesOfPeople } from "#modules/people";
import { useCase } from "#platform/usecase";
import { linksOf } from "./handover.store.ts";
import type { Chains } from "./tracing.model.ts";
import { chainShape } from "./tracing.rules.ts";

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
    const cases = await allCases(tx, outbreak.id, input.areaCode ?? tx.actor.areaCode);
    const links = await linksOf(tx, outbreak.id);
    const homes = await homesOfPeople(
      tx,
      cases.map((record) => record.personId),
    );
    const household = new Map(homes.map((home) => [home.personId, home.householdId]));
    const shape = chainShape(cases, links);
    const known = new Set(cases.map((record) => record.id));
    return {
      nodes: cases.map((record) => ({
        id: record.id,
        number: tx.lang === "en" ? record.titleEn : record.titleZh,
        ref: record.ref,
        areaCode: record.areaCode,
        state: record.state,
        provenance: record.provenance,
        positiveAt: record.positiveAt,
        onsetAt: record.onsetAt,
        generation: shape.generation.get(record.id) ?? 0,
        cluster: shape.cluster.get(record.id) ?? record.id,
        householdId: household.get(record.personId) ?? null,
      })),
      edges: [...shape.edges],
      links: links.filter((link) => known.has(link.a) && known.has(link.b)),
      clusters: [...shape.clusters],
    };
  },
);
