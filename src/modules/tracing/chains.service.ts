import { chainCases } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { householdsOfPeople } from "#modules/people";
import { useCase } from "#platform/usecase";
import { linksOf } from "./handover.store.ts";
import type { Chains } from "./tracing.model.ts";
import { chainShape } from "./chain.shape.rules.ts";

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
      })),
      edges: [...shape.edges],
      links: links.filter((link) => known.has(link.a) && known.has(link.b)),
      clusters: [...shape.clusters],
    };
  },
);
