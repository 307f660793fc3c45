import type { Placement } from "#platform/placement";
import { everything, isQuery, names, part, type Tree } from "./tree.ts";

/** The tables a query names, and what finds the rows of those that are spread. */

/**
 * How a statement finds the rows of a spread table: on `one` shard, on the shards of `some` given values, by a join with
 * given values or rows on every shard (`joined`), on `all`; or it puts them there.
 */
export type Bound = "one" | "some" | "joined" | "all" | "put";

/** What the tables are: where they lie, their columns, and which are fenced by row-level security. */
export interface Ground {
  readonly placements: Readonly<Record<string, Placement>>;
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  readonly fenced: ReadonlySet<string>;
  /** Tables that are not in the schema and may be named: temporary ones, the job queue's, the catalog's. */
  readonly others: RegExp;
  /** Parameters and variables of the database function around the statement. */
  readonly variables: ReadonlySet<string>;
}

export interface Rel {
  readonly kind: "spread" | "local" | "with" | "values" | "query";
  readonly name: string;
  readonly table: string;
  readonly by: string;
  /** Tables of one group lie beside each other. */
  readonly group: string;
  /** Is it a spread table, or a query that reads one in its place? */
  readonly reads: boolean;
  bound: Bound;
  /** What it is bound to, as text, to see that two are bound to the same. */
  value: string;
  /** The table it is joined with by both distribution columns; the first of them holds what all are bound by. */
  beside: Rel | null;
}

export interface Cte {
  readonly reads: boolean;
  readonly inlined: boolean;
}

export interface Scope {
  readonly rels: Rel[];
  readonly outer: Scope | null;
  readonly ctes: ReadonlyMap<string, Cte>;
}

const rank: readonly Bound[] = ["one", "some", "joined", "all"];

export function better(a: Bound, b: Bound): Bound {
  return rank.indexOf(a) <= rank.indexOf(b) ? a : b;
}

export function head(rel: Rel): Rel {
  return rel.beside ? head(rel.beside) : rel;
}

/** Two tables of one group that are joined by their distribution columns are asked on the same shard. */
export function lieTogether(a: Rel, b: Rel): void {
  const [to, from] = [head(a), head(b)];
  if (a.group !== b.group || to === from) return;
  if (better(from.bound, to.bound) === from.bound) to.value = from.value || to.value;
  to.bound = better(to.bound, from.bound);
  from.beside = to;
}

/** A join by USING. */
export function joinUsing(column: string, left: readonly Rel[], right: readonly Rel[]): void {
  const keys = (side: readonly Rel[]): Rel[] => side.filter((rel) => rel.kind === "spread" && rel.by === column);
  for (const rel of [...keys(left), ...keys(right)]) rel.bound = better(rel.bound, "joined");
  for (const a of keys(left)) for (const b of keys(right)) lieTogether(a, b);
}

/** Finds what each spread table of the query is bound by. */
export function bind(conditions: readonly Tree[], scope: Scope, ground: Ground): void {
  for (const condition of conditions) {
    const [left] = part(condition, "lexpr");
    const [right] = part(condition, "rexpr");
    if (condition.kind === "A_Expr" && names(condition, "name").join() === "=" && left && right) {
      equal(condition, left, right, scope, ground);
      if (condition.fields["kind"] === "AEXPR_OP") equal(condition, right, left, scope, ground);
    }
    if (condition.kind === "SubLink" && condition.fields["subLinkType"] === "ANY_SUBLINK")
      for (const test of part(condition, "testexpr")) {
        const rel = keyOf(test, scope, ground);
        if (rel) head(rel).bound = better(head(rel).bound, "joined");
      }
  }
}

function equal(condition: Tree, left: Tree, right: Tree, scope: Scope, ground: Ground): void {
  const rel = keyOf(left, scope, ground);
  if (!rel) return;
  const other = keyOf(right, scope, ground);
  if (other && other.group === rel.group) return lieTogether(rel, other);
  const isGiven = !everything(right).some(
    (one) => isQuery(one) || (one.kind === "ColumnRef" && !isVariable(one, scope, ground)),
  );
  const to = head(rel);
  const bound: Bound = isGiven ? (condition.fields["kind"] === "AEXPR_OP" ? "one" : "some") : "joined";
  if (bound === to.bound || better(bound, to.bound) !== bound) return;
  to.bound = bound;
  to.value = JSON.stringify(right, (key, value: unknown) => (key === "location" ? undefined : value));
}

function isVariable(reference: Tree, scope: Scope, ground: Ground): boolean {
  const [name = "", ...more] = names(reference, "fields");
  const isColumn = scope.rels.some((rel) => ground.columns.get(rel.table)?.has(name));
  return more.length === 0 && ground.variables.has(name) && !isColumn;
}

/** The spread table whose distribution column the reference is, in this query or one around it. */
function keyOf(tree: Tree, scope: Scope | null, ground: Ground): Rel | undefined {
  if (tree.kind === "TypeCast") return part(tree, "arg").map((arg) => keyOf(arg, scope, ground))[0];
  if (tree.kind !== "ColumnRef" || !scope) return undefined;
  const path = names(tree, "fields");
  const column = path.at(-1) ?? "";
  const named = scope.rels.filter((rel) => path.length === 1 || rel.name === path[0]);
  if (named.length === 0) return keyOf(tree, scope.outer, ground);
  const found = named.filter((rel) => rel.kind === "spread" && rel.by === column);
  if (path.length > 1) return found[0];
  // Without its table's name a column is the spread table's only if no other table of the query can have it.
  const others = named.filter(
    (rel) => rel.kind !== "spread" && (rel.kind !== "local" || ground.columns.get(rel.table)?.has(column)),
  );
  return found.length === 1 && others.length === 0 ? found[0] : undefined;
}
