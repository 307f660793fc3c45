import { bind, head, joinUsing, type Bound, type Cte, type Ground, type Rel, type Scope } from "./scope.ts";
import { children, conjuncts, everything, isQuery, names, part, textOf, within, type Tree } from "./tree.ts";

/**
 * What a statement asks of the machines when Citus spreads its tables, and what Citus refuses of it. Read from the
 * syntax alone; each refusal names where Citus says so: a page of its documentation, or a file of its source
 * (github.com/citusdata/citus, src/backend/distributed).
 */

export interface Reach {
  readonly table: string;
  readonly bound: Bound;
}

export interface Verdict {
  readonly reaches: readonly Reach[];
  readonly refusals: readonly string[];
  /** Tables that are nowhere made: a text with a hole where its table stands shows here. */
  readonly unknown: readonly string[];
}

/** Reads one statement. */
export function reachOf(statement: Tree, ground: Ground): Verdict {
  const reader = new Reader(statement, ground);
  return reader.verdict();
}

class Reader {
  readonly #ground: Ground;
  readonly #statement: Tree;
  readonly #spread: Rel[] = [];
  readonly #puts: Reach[] = [];
  readonly #refusals = new Set<string>();
  readonly #unknown = new Set<string>();
  #touchesLocal = false;

  constructor(statement: Tree, ground: Ground) {
    this.#statement = statement;
    this.#ground = ground;
  }

  verdict(): Verdict {
    const top = this.#statement;
    if (top.kind === "CopyStmt") this.#copy(top);
    else if (isQuery(top)) this.#query(top, null, new Map());
    const reaches = [...this.#spread.map(({ table, ...rel }) => ({ table, bound: rel.bound })), ...this.#puts];
    if (reaches.length > 0) this.#wholeStatement();
    const refusals = reaches.length === 0 || this.#isRoutable() ? [] : [...this.#refusals];
    return { reaches, refusals, unknown: [...this.#unknown] };
  }

  /** «Citus has 100% SQL coverage for any queries it is able to execute on a single worker node» («SQL Support and Workarounds»). */
  #isRoutable(): boolean {
    const [first] = this.#spread;
    return (
      first !== undefined &&
      !this.#touchesLocal &&
      this.#puts.length === 0 &&
      this.#spread.every(
        (rel) => rel.bound === "one" && head(rel).value === head(first).value && rel.group === first.group,
      )
    );
  }

  #copy(top: Tree): void {
    for (const query of part(top, "query")) this.#query(query, null, new Map());
    for (const relation of part(top, "relation")) {
      const rel = this.#relation(relation, new Map());
      if (rel.kind !== "spread") continue;
      this.#puts.push({ table: rel.table, bound: names(top, "attlist").includes(rel.by) ? "put" : "all" });
    }
  }

  /** Reads a query and those inside it; tells whether it, or one that is inlined into it, reads a spread table. */
  #query(tree: Tree, outer: Scope | null, above: ReadonlyMap<string, Cte>, lateral = false): boolean {
    const ctes = this.#withs(tree, outer, above);
    if (tree.fields["op"] !== undefined && tree.fields["op"] !== "SETOP_NONE") {
      const sides = [...part(tree, "larg"), ...part(tree, "rarg")].map((side) =>
        this.#query(side, outer, ctes, lateral),
      );
      if (lateral && sides.includes(true)) this.#refuse("a union inside a lateral query of a spread table");
      return sides.includes(true);
    }
    const scope: Scope = { rels: [], outer, ctes };
    const target =
      tree.kind === "SelectStmt" ? [] : part(tree, "relation").map((one) => this.#relation(one, new Map()));
    if (tree.kind === "InsertStmt") this.#insert(tree, target[0], scope);
    else scope.rels.push(...target);
    const conditions: Tree[] = [];
    for (const item of [...part(tree, "fromClause"), ...part(tree, "usingClause")]) this.#from(item, scope, conditions);
    conditions.push(...conjuncts(part(tree, "whereClause")));
    bind(conditions, scope, this.#ground);
    this.#insideQueries(tree, scope);
    const reads = scope.rels.some((rel) => rel.kind === "spread" || rel.reads);
    if (reads) this.#block(tree, scope, lateral, target[0]);
    this.#spread.push(...scope.rels.filter((rel) => rel.kind === "spread"));
    for (const rel of scope.rels) rel.bound = head(rel).bound;
    return reads;
  }

  #withs(tree: Tree, outer: Scope | null, above: ReadonlyMap<string, Cte>): ReadonlyMap<string, Cte> {
    const ctes = new Map(above);
    for (const clause of part(tree, "withClause")) {
      if (clause.fields["recursive"] === true) this.#refuse("a recursive WITH («SQL Support and Workarounds»)");
      for (const cte of part(clause, "ctes")) {
        const name = textOf(cte, "ctename");
        if (clause.fields["recursive"] === true) ctes.set(name, { reads: false, inlined: false });
        const [query] = part(cte, "ctequery");
        const reads = query ? this.#query(query, outer, ctes) : false;
        const uses = everything(this.#statement).filter(
          (one) => one.kind === "RangeVar" && one.fields["relname"] === name,
        ).length;
        // PostgreSQL and Citus alike put a SELECT that is named once in the place of its name (planner/cte_inline.c).
        const inlined =
          query?.kind === "SelectStmt" && uses === 1 && cte.fields["ctematerialized"] !== "CTEMaterializeAlways";
        ctes.set(name, { reads, inlined });
      }
    }
    return ctes;
  }

  #relation(tree: Tree, ctes: ReadonlyMap<string, Cte>): Rel {
    const table = textOf(tree, "relname");
    const schema = textOf(tree, "schemaname");
    const alias = textOf(part(tree, "alias")[0], "aliasname");
    const base = {
      name: alias || table,
      table,
      by: "",
      group: "",
      bound: "all" as Bound,
      value: "",
      beside: null,
    };
    const cte = schema === "" ? ctes.get(table) : undefined;
    if (cte) return { ...base, kind: "with", reads: cte.reads && cte.inlined };
    const place = this.#ground.placements[table];
    if (!place && !this.#ground.others.test(schema === "" ? table : `${schema}.${table}`)) this.#unknown.add(table);
    if (place?.kind !== "distributed") {
      this.#touchesLocal = true;
      return { ...base, kind: "local", reads: false };
    }
    return { ...base, kind: "spread", by: place.by, group: place.beside ?? table, reads: true };
  }

  /** One item of FROM with its joins; outer joins are looked at here, where their sides are known. */
  #from(item: Tree, scope: Scope, conditions: Tree[]): void {
    const before = scope.rels.length;
    if (item.kind === "RangeVar") scope.rels.push(this.#relation(item, scope.ctes));
    else if (item.kind === "JoinExpr") this.#join(item, scope, conditions);
    else if (item.kind === "RangeSubselect") {
      const lateral = item.fields["lateral"] === true;
      const reads = part(item, "subquery").some((query) =>
        this.#query(query, lateral ? scope : scope.outer, scope.ctes, lateral),
      );
      scope.rels.push(this.#unnamed("query", item, reads));
    } else if (item.kind === "RangeFunction") scope.rels.push(this.#unnamed("values", item, false));
    else if (item.kind === "RangeTableSample") {
      this.#refuse("TABLESAMPLE («SQL Support and Workarounds»)");
      for (const relation of part(item, "relation")) this.#from(relation, scope, conditions);
    }
    if (scope.rels.length === before) scope.rels.push(this.#unnamed("values", item, false));
  }

  #unnamed(kind: "query" | "values", item: Tree, reads: boolean): Rel {
    const name = textOf(part(item, "alias")[0], "aliasname");
    return { kind, name, table: "", by: "", group: "", reads, bound: "all", value: "", beside: null };
  }

  #join(item: Tree, scope: Scope, conditions: Tree[]): void {
    const from = scope.rels.length;
    const [left] = joinSide(item, "larg");
    const [right] = joinSide(item, "rarg");
    if (left) this.#from(left, scope, conditions);
    const middle = scope.rels.length;
    if (right) this.#from(right, scope, conditions);
    conditions.push(...conjuncts(part(item, "quals")));
    const sides = [scope.rels.slice(from, middle), scope.rels.slice(middle)] as const;
    for (const column of names(item, "usingClause")) joinUsing(column, ...sides);
    const type = textOf(item, "jointype");
    const reads = sides.map((side) => side.some((rel) => rel.reads));
    // «Outer joins between distributed tables and reference tables or local tables are only supported if the distributed
    // table is on the outer side»; else its rows are pulled together, all of them («SQL Support and Workarounds»;
    // planner/recursive_planning.c, RecursivelyPlanDistributedJoinNode).
    const pulls =
      (type === "JOIN_LEFT" && !reads[0] && reads[1]) ||
      (type === "JOIN_RIGHT" && reads[0] && !reads[1]) ||
      (type === "JOIN_FULL" && reads[0] !== reads[1]);
    if (pulls) this.#refuse("an outer join that pulls a spread table together");
  }

  #insert(tree: Tree, target: Rel | undefined, scope: Scope): void {
    const [source] = part(tree, "selectStmt");
    const reads = source ? this.#query(source, null, scope.ctes) : false;
    const sets = part(tree, "onConflictClause");
    const inside = sets.flatMap((one) => within(part(one, "targetList"))).some((one) => one.kind === "SubLink");
    if (inside && (reads || target?.kind === "spread" || this.#readsAnything()))
      this.#refuse(
        "a subquery in ON CONFLICT («subqueries are not supported within INSERT queries», planner/multi_router_planner.c)",
      );
    if (target?.kind !== "spread") return;
    const columns = part(tree, "cols").map((one) => textOf(one, "name"));
    this.#puts.push({ table: target.table, bound: columns.includes(target.by) ? "put" : "all" });
    const isRows = source !== undefined && source.fields["valuesLists"] === undefined;
    if (
      isRows &&
      sets.length === 0 &&
      part(tree, "returningClause").length === 0 &&
      this.#ground.fenced.has(target.table)
    )
      // Without these two Citus sends the rows on by COPY (executor/insert_select_executor.c), and PostgreSQL says
      // «COPY FROM not supported with row-level security».
      this.#refuse("INSERT … SELECT into a fenced table with neither ON CONFLICT nor RETURNING");
  }

  #readsAnything(): boolean {
    return this.#spread.length > 0 || this.#puts.length > 0;
  }

  /** The queries inside conditions and results, each with this one around it. */
  #insideQueries(tree: Tree, scope: Scope): void {
    const own = [
      "targetList",
      "whereClause",
      "havingClause",
      "groupClause",
      "sortClause",
      "limitCount",
      "returningClause",
    ];
    const joins = part(tree, "fromClause")
      .flatMap((item) => within([item]))
      .filter((one) => one.kind === "JoinExpr");
    const places = [...own.flatMap((field) => part(tree, field)), ...joins.flatMap((join) => part(join, "quals"))];
    for (const query of within(places).filter(isQuery)) {
      const reads = this.#query(query, scope, scope.ctes);
      if (reads && !around(scope).some((rel) => rel.reads) && this.#isCorrelated(query, scope))
        this.#refuse(
          "a subquery of a spread table that looks at rows which are on no shard («SQL Support and Workarounds», correlated subqueries)",
        );
    }
  }

  /** Does the query name a table of the scopes around it? */
  #isCorrelated(query: Tree, scope: Scope): boolean {
    const outside = new Set(around(scope).map((rel) => rel.name));
    const own = new Set(
      everything(query).flatMap((one) =>
        one.kind === "RangeVar" ? [textOf(part(one, "alias")[0], "aliasname") || textOf(one, "relname")] : [],
      ),
    );
    return everything(query).some((one) => {
      const path = one.kind === "ColumnRef" ? names(one, "fields") : [];
      return path.length > 1 && outside.has(path[0] ?? "") && !own.has(path[0] ?? "");
    });
  }

  /** What Citus refuses of a query that reads a spread table. */
  #block(tree: Tree, scope: Scope, lateral: boolean, target: Rel | undefined): void {
    const spread = scope.rels.filter((rel) => rel.kind === "spread");
    const locals = scope.rels.filter((rel) => rel.kind === "local");
    if (part(tree, "lockingClause").length > 0)
      this.#refuse("FOR UPDATE across shards («SQL Support and Workarounds»)");
    if (within(part(tree, "groupClause")).some((one) => one.kind === "GroupingSet"))
      this.#refuse("grouping sets («SQL Support and Workarounds»)");
    if (new Set(spread.map(head)).size > 1)
      this.#refuse(
        "a join of spread tables by another column than the distribution column («Configuration Reference», citus.enable_repartition_joins)",
      );
    // Of a local and a spread table one is sent where the other is, and Citus chooses («Configuration Reference»,
    // citus.local_table_join_policy). A change of a local table pulls the others, by their own conditions.
    const pulled =
      target?.kind === "local" &&
      locals.length === 1 &&
      spread.every((rel) => head(rel).bound !== "all" && head(rel).bound !== "joined");
    if (locals.length > 0 && !pulled) this.#refuse("a local and a spread table in one query");
    if (!lateral) return;
    const cuts = ["limitCount", "limitOffset", "groupClause"].some((field) => part(tree, field).length > 0);
    const joined = spread.some((rel) => scope.outer?.rels.some((one) => head(one) === head(rel)));
    if (cuts && !joined)
      this.#refuse(
        "LIMIT, OFFSET or GROUP BY in a lateral query of a spread table (planner/query_pushdown_planning.c, DeferErrorIfCannotPushdownSubquery)",
      );
  }

  /** Lists of several arrays and numbered ones are wrapped wrongly when joined (planner/recursive_planning.c, TransformFunctionRTE). */
  #wholeStatement(): void {
    for (const query of everything(this.#statement)) {
      const items = part(query, "fromClause").flatMap((item) => within([item]));
      const froms = items.filter((one) => /^Range(?:Var|Function|Subselect)$/.test(one.kind));
      const several = froms.filter((one) => one.kind === "RangeFunction" && isSeveral(one));
      if (several.length > 0 && froms.length > 1)
        this.#refuse("a joined list of several arrays; it must stand in a WITH of its own");
    }
  }

  #refuse(why: string): void {
    this.#refusals.add(why);
  }
}

/** The tables of a scope and of those around it. */
function around(scope: Scope): Rel[] {
  return [...scope.rels, ...(scope.outer ? around(scope.outer) : [])];
}

/** The side of a join as it stands, which is a tree of its own kind and no query. */
function joinSide(item: Tree, side: "larg" | "rarg"): Tree[] {
  const value = item.fields[side];
  return children({ kind: "side", fields: { [`${side}_`]: value } });
}

function isSeveral(list: Tree): boolean {
  const calls = within(part(list, "functions")).filter((one) => one.kind === "FuncCall");
  return (
    list.fields["ordinality"] === true ||
    calls.length > 1 ||
    calls.some((call) => part(call, "args").length > 1 && names(call, "funcname").at(-1) === "unnest")
  );
}
