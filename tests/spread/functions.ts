import { parsePlPgSQLSync } from "libpg-query";
import { everything, names, parse, part, textOf, type Tree } from "./tree.ts";

/** A function of the database with the statements in it, as the last file that makes it has it. */
export interface DatabaseFunction {
  readonly name: string;
  readonly language: string;
  /** Its own settings, such as `plan_cache_mode`. */
  readonly settings: ReadonlyMap<string, string>;
  /** Parameters, columns it returns and variables. */
  readonly variables: ReadonlySet<string>;
  readonly statements: readonly Tree[];
  /** Expressions that make a statement when it runs. */
  readonly made: readonly string[];
}

interface Raw {
  readonly text: string;
  readonly tree: Tree;
}

/** The functions that SQL files make, in their order. */
export function functionsOf(files: readonly string[]): Map<string, DatabaseFunction> {
  const functions = new Map<string, DatabaseFunction>();
  for (const file of files)
    for (const raw of created(file)) {
      const made = read(raw);
      functions.set(made.name, made);
    }
  return functions;
}

/** The «create function» statements of a file: each ends where its body's closing quote does. */
function created(file: string): Raw[] {
  const pattern = /create (?:or replace )?function [\s\S]*?as \$\$[\s\S]*?\$\$(?:[^;]*);/g;
  return [...file.matchAll(pattern)].map(([text]) => {
    const parsed = parse(text);
    if ("fault" in parsed) throw new Error(`${parsed.fault}: ${text.slice(0, 100)}`);
    return { text, tree: parsed.trees[0] as Tree };
  });
}

function option(tree: Tree, name: string): Tree[] {
  return part(tree, "options")
    .filter((one) => one.fields["defname"] === name)
    .flatMap((one) => part(one, "arg"));
}

const sval = (tree: Tree | undefined): string => textOf(tree, "sval");

function read({ text, tree }: Raw): DatabaseFunction {
  const language = sval(option(tree, "language")[0]);
  const parameters = part(tree, "parameters").map((one) => textOf(one, "name"));
  const settings = new Map(
    option(tree, "set").map(
      (one) => [textOf(one, "name"), sval(everything(one).findLast((leaf) => sval(leaf) !== ""))] as const,
    ),
  );
  const base = { name: names(tree, "funcname").join("."), language, settings };
  if (language === "sql") {
    const body = everything({ kind: "body", fields: { options: tree.fields["options"] } }).map(sval);
    return {
      ...base,
      variables: new Set(parameters),
      statements: statementsIn(body.toSorted((a, b) => b.length - a.length)[0] ?? ""),
      made: [],
    };
  }
  const inside = plpgsql(text);
  return { ...base, ...inside, variables: new Set([...parameters, ...inside.variables]) };
}

function statementsIn(text: string): readonly Tree[] {
  const parsed = parse(text);
  if ("fault" in parsed) throw new Error(`${parsed.fault}: ${text.slice(0, 200)}`);
  return parsed.trees;
}

/** What PL/pgSQL's own parser calls a whole statement and a bare expression. */
const parseModes = { statement: 0, expression: 2 } as const;

function plpgsql(text: string): { variables: Set<string>; statements: Tree[]; made: string[] } {
  const variables = new Set<string>();
  const statements: Tree[] = [];
  const made: string[] = [];
  const walk = (value: unknown, isMade: boolean): void => {
    if (Array.isArray(value)) return value.forEach((one) => walk(one, isMade));
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
      const fields = inner as Record<string, unknown>;
      if (/^PLpgSQL_(?:var|rec|row)$/.test(key)) variables.add(String(fields["refname"]));
      if (key !== "PLpgSQL_expr") walk(inner, isMade || key === "PLpgSQL_stmt_dynexecute");
      else if (isMade) made.push(String(fields["query"]));
      else statements.push(...statementsIn(asStatement(String(fields["query"]), Number(fields["parseMode"]))));
    }
  };
  walk(parsePlPgSQLSync(text), false);
  return { variables, statements, made };
}

/** An expression or assignment as the statement that would compute it. */
function asStatement(query: string, mode: number): string {
  if (mode === parseModes.statement) return query;
  return `select ${mode === parseModes.expression ? query : query.replace(/^[\w.[\]]+\s*:?=\s*/, "")}`;
}
