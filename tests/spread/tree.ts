import { loadModule, parseSync } from "libpg-query";

/** PostgreSQL's own syntax trees, as libpg-query gives them, each with its kind beside its fields. */

export interface Tree {
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

await loadModule();

/** What fills the holes of a text that is not known whole, until PostgreSQL can read it. */
const fillings = ["x", "1", "true", "", "x, x", "select 1"];
const hole = /⟪[^⟫]*⟫/g;

/** The statements of a text, or what PostgreSQL says is wrong with it. */
export function parse(text: string): { readonly trees: readonly Tree[] } | { readonly fault: string } {
  let fault = "";
  for (const filling of text.includes("⟪") ? fillings : [""]) {
    try {
      const { stmts } = parseSync(text.replace(hole, filling)) as { stmts?: readonly { stmt?: unknown }[] };
      return { trees: (stmts ?? []).flatMap(({ stmt }) => treesOf(stmt)) };
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
  }
  return { fault };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The kind of a tree whose field says it: the table of an insert, the sides of a union. */
const kindOfField: Readonly<Record<string, string>> = { larg: "SelectStmt", rarg: "SelectStmt", relation: "RangeVar" };

/** The trees of a field: one, several, or none. */
export function treesOf(value: unknown, field = ""): Tree[] {
  if (Array.isArray(value)) return value.flatMap((one) => treesOf(one, field));
  if (!isRecord(value)) return [];
  const [kind = "", ...more] = Object.keys(value);
  const fields = value[kind];
  if (more.length === 0 && /^[A-Z]/.test(kind) && isRecord(fields)) return [{ kind, fields }];
  return [{ kind: kindOfField[field] ?? field, fields: value }];
}

/** The trees of one field of a tree. */
export function part(tree: Tree, field: string): Tree[] {
  return treesOf(tree.fields[field], field);
}

export function children(tree: Tree): Tree[] {
  return Object.keys(tree.fields).flatMap((field) => part(tree, field));
}

export const isQuery = (tree: Tree): boolean => /^(?:Select|Insert|Update|Delete)Stmt$/.test(tree.kind);

/** Every tree below these that belongs to the same query; the queries inside are given as they are, and not entered. */
export function within(trees: readonly Tree[]): Tree[] {
  return trees.flatMap((tree) => (isQuery(tree) ? [tree] : [tree, ...within(children(tree))]));
}

/** Every tree below and itself, other queries and theirs included. */
export function everything(tree: Tree): Tree[] {
  return [tree, ...children(tree).flatMap(everything)];
}

/** A field that is a text; "" where there is none. */
export function textOf(tree: Tree | undefined, field: string): string {
  const value = tree?.fields[field];
  return typeof value === "string" ? value : "";
}

/** The texts of a list of names: of a column `["alias", "column"]`, of an operator `["="]`. */
export function names(tree: Tree, field: string): string[] {
  return part(tree, field).map((one) => (one.kind === "A_Star" ? "*" : textOf(one, "sval")));
}

/** A condition as what must hold all together. */
export function conjuncts(trees: readonly Tree[]): Tree[] {
  return trees.flatMap((tree) =>
    tree.kind === "BoolExpr" && tree.fields["boolop"] === "AND_EXPR" ? conjuncts(part(tree, "args")) : [tree],
  );
}
