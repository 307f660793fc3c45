import type { TFunction } from "i18next";
import { collapseBy, groupOf, type ChainNode, type Chains, type Collapse } from "#domain/tracing";
import { areaLabel } from "#webx/area-names";
import type { ChainMark } from "./chain-canvas.ts";

/** Which cases are shown, and what is drawn together. */
export interface Filter {
  readonly state: string | null;
  readonly generation: number | null;
  readonly from: string;
  readonly to: string;
  readonly collapse: Collapse;
}

export const everything: Filter = { state: null, generation: null, from: "", to: "", collapse: "none" };

const kinds = new Set(["confirmed", "asymptomatic", "suspect"]);

export function nameOf(node: ChainNode): string {
  return node.number ?? node.ref ?? node.id.slice(-6);
}

/** Does the node pass the filter? */
export function passes(node: ChainNode, filter: Filter): boolean {
  const day = (node.onsetAt ?? node.positiveAt).slice(0, 10);
  return (
    (filter.state === null || node.state === filter.state) &&
    (filter.generation === null || node.generation <= filter.generation) &&
    (filter.from === "" || day >= filter.from) &&
    (filter.to === "" || day <= filter.to)
  );
}

/** A name short enough to stand beside a mark; its shape and colour say the class already. */
function shortName(node: ChainNode): string {
  return /\d+/.exec(node.number ?? "")?.[0] ?? nameOf(node);
}

/** The name of a shared place; words of an interview are not told. */
export function venueName(t: TFunction, chains: Chains, index: number): string {
  const { name = null, nameEn = null } = chains.venues[index] ?? {};
  return name === null ? t("chains.toldPlace") : areaLabel({ name, nameEn });
}

function labelOf(t: TFunction, chains: Chains, node: ChainNode, collapse: Collapse, size: number): string {
  if (size === 1) return shortName(node);
  if (collapse === "venue" && node.venue !== null) return `${venueName(t, chains, node.venue)} × ${size}`;
  return `${shortName(node)} +${size - 1}`;
}

/** The nodes that pass the filter as marks of the picture, drawn together where that is asked and nobody opened them. */
export function marksOf(t: TFunction, chains: Chains, filter: Filter, opened: ReadonlySet<string>): ChainMark[] {
  const shown = new Map(chains.nodes.filter((node) => passes(node, filter)).map((node) => [node.id, node]));
  const parents = new Map(chains.edges.map(({ from, to }) => [to, from]));
  const points = [...shown.values()].map((node) => ({
    id: node.id,
    at: Date.parse(node.onsetAt ?? node.positiveAt),
    parent: parents.get(node.id) ?? null,
    cluster: node.cluster,
  }));
  const together = ({ id }: { readonly id: string }): string | null => {
    const node = shown.get(id);
    const group = node ? groupOf(node, filter.collapse) : null;
    return group === null || opened.has(group) ? null : group;
  };
  return collapseBy(points, together).flatMap(({ members, ...point }) => {
    const node = shown.get(point.id);
    if (!node) return [];
    const kind = kinds.has(node.state) ? (node.state as ChainMark["kind"]) : "other";
    const label = labelOf(t, chains, node, filter.collapse, members.length);
    return [{ ...point, kind, label, size: members.length, members }];
  });
}

/** How many of the shown cases were infected at shared places, at home, elsewhere, and of how many nobody knows. */
export function whereCounts(nodes: readonly ChainNode[]): {
  readonly shared: number;
  readonly home: number;
  readonly elsewhere: number;
  readonly unknown: number;
} {
  const shared = nodes.filter(({ venue }) => venue !== null).length;
  const home = nodes.filter(({ venue, setting }) => venue === null && setting === "household").length;
  const unknown = nodes.filter(({ setting }) => setting === null).length;
  return { shared, home, unknown, elsewhere: nodes.length - shared - home - unknown };
}
