import { readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "vite";

/**
 * Every SQL text of a source file, read from its syntax tree: string constants, template literals and the functions that
 * make parts of them are followed within the file and its folder; what stays unknown is a hole, `⟪name⟫`.
 */

/** A statement with where it stands: the file below src/modules (or src), and the function or constant around it. */
export interface SqlText {
  readonly place: string;
  readonly text: string;
  /** The beginning of other statements, which need not be one by itself. */
  readonly isPart: boolean;
}

/** What a file's statements are, and the literals that name one of the watched tables and are in none of them. */
export interface FileTexts {
  readonly texts: readonly SqlText[];
  readonly loose: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

type Env = ReadonlyMap<string, readonly string[]>;

const variantsMax = 48;
const depthMax = 12;
const verb =
  /^\s*(?:select|with|insert into|update|delete from|copy|create|alter|drop|truncate|lock|set|savepoint|release|rollback|analyze|vacuum|begin|commit|grant|revoke|listen|explain)\b/;
const copyCalls = new Map([
  ["copyIn", "from stdin"],
  ["copyInBinary", "from stdin"],
  ["copyOutBinary", "to stdout"],
]);

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const nodesOf = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) {
      if ("type" in value) found.push(value as Node);
    } else for (const one of value as unknown[]) if (isNode(one)) found.push(one);
  }
  return found;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Identifier" ? String(node["name"]) : undefined;
}

/** The parts are put together in every combination, up to a limit. */
function combine(parts: readonly (readonly string[])[], between = ""): string[] {
  let made: string[] = [""];
  for (const [i, part] of parts.entries())
    made = made.flatMap((head) => part.map((tail) => head + (i > 0 ? between : "") + tail)).slice(0, variantsMax);
  return made;
}

/** The syntax of one file with what it declares. */
class Source {
  readonly text: string;
  readonly root: Node;
  readonly #consts = new Map<string, { readonly init: Node; readonly around: Node }[]>();
  readonly functions = new Map<string, Node>();
  readonly types = new Map<string, Node>();
  readonly imports = new Map<string, string>();
  /** Where literals begin that were read, and how often. */
  readonly used = new Map<number, number>();
  readonly #folder: string;

  constructor(file: string) {
    this.#folder = path.dirname(file);
    this.text = readFileSync(file, "utf8");
    this.root = parseAst(this.text, { lang: "ts" }) as unknown as Node;
    this.#declare(this.root, this.root);
  }

  #declare(node: Node, around: Node): void {
    const name = nameOf(node["id"]);
    if (node.type === "VariableDeclarator" && name !== undefined && isNode(node["init"]))
      this.#consts.set(name, [...(this.#consts.get(name) ?? []), { init: node["init"], around }]);
    if (node.type === "FunctionDeclaration" && name !== undefined) this.functions.set(name, node);
    if (node.type === "TSTypeAliasDeclaration" && name !== undefined)
      this.types.set(name, node["typeAnnotation"] as Node);
    if (node.type === "ImportDeclaration") {
      const from = String((node["source"] as Node)["value"]);
      for (const one of nodesOf(node["specifiers"])) {
        const local = nameOf(one["local"]);
        if (from.startsWith("./") && local !== undefined) this.imports.set(local, path.join(this.#folder, from));
      }
    }
    for (const child of childrenOf(node)) this.#declare(child, /Function/.test(node.type) ? node : around);
  }

  /** What a name is declared as in the innermost function around its use. */
  constAt(name: string, use: Node): Node | undefined {
    const seen = (this.#consts.get(name) ?? []).filter(
      ({ around }) => around.start <= use.start && use.end <= around.end,
    );
    return seen.toSorted((a, b) => b.around.start - a.around.start)[0]?.init;
  }

  read(literal: Node): void {
    this.used.set(literal.start, (this.used.get(literal.start) ?? 0) + 1);
  }

  /** Looks at texts without counting them as read. */
  unread<T>(look: () => T): T {
    const before = [...this.used];
    const seen = look();
    this.used.clear();
    for (const [start, times] of before) this.used.set(start, times);
    return seen;
  }

  hole(node: Node): string[] {
    return [`⟪${this.text.slice(node.start, node.end)}⟫`];
  }
}

const sources = new Map<string, Source>();
function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known) return known;
  const made = new Source(file);
  sources.set(file, made);
  return made;
}

function unwrapped(node: Node): Node {
  return /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|ParenthesizedExpression)$/.test(node.type)
    ? unwrapped(node["expression"] as Node)
    : node;
}

/** The texts a type allows, if it is a union of texts. */
function textsOfType(source: Source, type: Node | undefined): string[] | null {
  if (!type) return null;
  if (type.type === "TSTypeAnnotation") return textsOfType(source, type["typeAnnotation"] as Node);
  if (type.type === "TSTypeReference") return textsOfType(source, source.types.get(nameOf(type["typeName"]) ?? ""));
  if (type.type === "TSLiteralType") return [String((type["literal"] as Node)["value"])];
  if (type.type !== "TSUnionType") return null;
  const parts = nodesOf(type["types"]).map((one) => textsOfType(source, one));
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

/** What an expression can be as a text; a hole where that is not known. */
function textsOf(source: Source, given: Node, env: Env, depth = 0): readonly string[] {
  const node = unwrapped(given);
  if (depth > depthMax) return source.hole(node);
  const of = (one: unknown, inner: Env = env): readonly string[] => textsOf(source, one as Node, inner, depth + 1);
  switch (node.type) {
    case "Literal":
      source.read(node);
      return [String(node["value"])];
    case "TemplateLiteral": {
      source.read(node);
      const holes = nodesOf(node["expressions"]);
      const quasis = nodesOf(node["quasis"]).map((one) => [String((one["value"] as { cooked: string }).cooked)]);
      return combine(quasis.flatMap((quasi, i) => (holes[i] ? [quasi, of(holes[i])] : [quasi])));
    }
    case "BinaryExpression":
      return combine([of(node["left"]), of(node["right"])]);
    case "LogicalExpression":
      return [...of(node["left"]), ...of(node["right"])];
    case "ConditionalExpression":
      return [...of(node["consequent"]), ...of(node["alternate"])];
    case "Identifier":
      return textsOfName(source, node, env, depth);
    case "MemberExpression": {
      const table = unwrapped(source.constAt(nameOf(node["object"]) ?? "", node) ?? node);
      if (table.type !== "ObjectExpression") return source.hole(node);
      return nodesOf(table["properties"]).flatMap((one) => (isNode(one["value"]) ? of(one["value"]) : []));
    }
    case "CallExpression":
      return textsOfCall(source, node, env, depth);
    default:
      return source.hole(node);
  }
}

function textsOfName(source: Source, node: Node, env: Env, depth: number): readonly string[] {
  const name = String(node["name"]);
  const bound = env.get(name);
  if (bound) return bound;
  const init = source.constAt(name, node);
  if (init && !/Function/.test(init.type)) return textsOf(source, init, env, depth + 1);
  const from = source.imports.get(name);
  const there = from === undefined ? undefined : sourceOf(from);
  const foreign = there?.constAt(name, there.root);
  return there && foreign ? textsOf(there, foreign, new Map(), depth + 1) : source.hole(node);
}

/** A call of a function that makes a part of a statement, or of `join`. */
function textsOfCall(source: Source, node: Node, env: Env, depth: number): readonly string[] {
  const callee = node["callee"] as Node;
  const args = nodesOf(node["arguments"]);
  if (callee.type === "MemberExpression" && nameOf(callee["property"]) === "join") {
    const list = listOf(source, callee["object"] as Node, env, depth + 1);
    const between = args[0] ? (textsOf(source, args[0], env, depth + 1)[0] ?? "") : ",";
    return list ? combine(list, between) : source.hole(node);
  }
  const name = nameOf(callee) ?? "";
  const from = source.imports.get(name);
  const home = from === undefined ? source : sourceOf(from);
  const made = home.functions.get(name) ?? home.constAt(name, home === source ? node : home.root);
  if (!made || !/Function/.test(made.type)) return source.hole(node);
  const given = args.map((arg) => textsOf(source, arg, env, depth + 1));
  const texts = returnsOf(made).flatMap((one) => textsOf(home, one, bind(home, made, given), depth + 1));
  return texts.length > 0 ? texts : source.hole(node);
}

function bind(source: Source, made: Node, given: readonly (readonly string[])[]): Env {
  const env = new Map<string, readonly string[]>();
  nodesOf(made["params"]).forEach((param, i) => {
    const plain = param.type === "AssignmentPattern" ? (param["left"] as Node) : param;
    const name = nameOf(plain);
    const fallback =
      param.type === "AssignmentPattern" ? textsOf(source, param["right"] as Node, new Map()) : source.hole(plain);
    if (name !== undefined) env.set(name, given[i] ?? fallback);
  });
  return env;
}

function returnsOf(made: Node): Node[] {
  const body = made["body"] as Node;
  if (body.type !== "BlockStatement") return [body];
  const found: Node[] = [];
  const walk = (node: Node): void => {
    if (node.type === "ReturnStatement") found.push(...nodesOf(node["argument"]));
    else if (!/Function/.test(node.type)) childrenOf(node).forEach(walk);
  };
  childrenOf(body).forEach(walk);
  return found;
}

/** A list of texts: an array, or one that is mapped; of an unknown list one element is taken. */
function listOf(source: Source, given: Node, env: Env, depth: number): (readonly string[])[] | null {
  const node = unwrapped(given);
  if (depth > depthMax) return null;
  if (node.type === "ArrayExpression")
    return nodesOf(node["elements"]).map((one) => textsOf(source, one, env, depth + 1));
  const name = nameOf(node);
  const init = name === undefined ? undefined : source.constAt(name, node);
  if (init) return listOf(source, init, env, depth + 1);
  const callee = node.type === "CallExpression" ? (node["callee"] as Node) : undefined;
  if (callee?.type !== "MemberExpression" || nameOf(callee["property"]) !== "map") return null;
  const each = nodesOf(node["arguments"])[0];
  if (!each || !/Function/.test(each.type)) return null;
  const elements = listOf(source, callee["object"] as Node, env, depth + 1) ?? [source.hole(callee)];
  return elements.map((element) =>
    returnsOf(each).flatMap((one) =>
      textsOf(source, one, new Map([...env, ...bind(source, each, [element])]), depth + 1),
    ),
  );
}

const mayHoldSql = /select |insert into|delete from|update |\.copy(?:In|Out)/;

/** Every statement of a file. `watched` are tables whose naming outside of one is told. */
export function sqlTexts(root: string, file: string, watched: readonly string[]): FileTexts {
  if (!mayHoldSql.test(readFileSync(path.join(root, file), "utf8"))) return { texts: [], loose: [] };
  const source = sourceOf(path.join(root, file));
  const place = file.replace(/^src\/(?:modules\/)?/, "");
  const texts = new Map<string, Omit<SqlText, "isPart"> & { readonly start: number }>();
  const add = (around: string, node: Node, made: readonly string[]): void => {
    for (const text of made) texts.set(`${around} ${text}`, { place: `${place} ${around}`, text, start: node.start });
  };
  const walk = (node: Node, around: string, params: Env): undefined => {
    const inner = declared(source, node) ?? around;
    const env = /Function/.test(node.type) ? new Map([...params, ...typed(source, node)]) : params;
    const copy = node.type === "CallExpression" ? copyCalls.get(propertyOf(node["callee"] as Node)) : undefined;
    const target = copy === undefined ? undefined : nodesOf(node["arguments"])[0];
    if (target) {
      const tables = textsOf(source, target, env);
      add(
        inner,
        target,
        tables.map((text) => `copy ${text} ${copy}`),
      );
      nodesOf(node["arguments"])
        .slice(1)
        .forEach((child) => walk(child, inner, env));
      return undefined;
    }
    if (isStatement(source, node, env)) {
      const [first = env, ...more] = choicesOf(env);
      add(inner, node, textsOf(source, node, first));
      for (const choice of more)
        add(
          inner,
          node,
          source.unread(() => textsOf(source, node, choice)),
        );
      return undefined;
    }
    childrenOf(node).forEach((child) => walk(child, inner, env));
    return undefined;
  };
  walk(source.root, "", new Map());
  return {
    texts: [...texts.values()].map(({ start, ...one }) => ({ ...one, isPart: (source.used.get(start) ?? 0) > 1 })),
    loose: looseIn(source, place, watched),
  };
}

/** One text for each parameter at a time, so that a parameter used twice is the same text in both places. */
function choicesOf(env: Env): Env[] {
  const rounds = Math.max(1, ...[...env.values()].map((texts) => texts.length));
  return Array.from(
    { length: rounds },
    (_, i) => new Map([...env].map(([name, texts]) => [name, [texts[i % texts.length] ?? ""]])),
  );
}

function propertyOf(callee: Node): string {
  return callee.type === "MemberExpression" ? (nameOf(callee["property"]) ?? "") : "";
}

/** Does the text begin as a statement does? One that begins with a part made elsewhere is looked at whole. */
function isStatement(source: Source, node: Node, env: Env): boolean {
  if (node.type === "Literal") return typeof node["value"] === "string" && isSql(node["value"]);
  if (node.type !== "TemplateLiteral") return false;
  const first = nodesOf(node["quasis"])[0]?.["value"] as { cooked: string } | undefined;
  if (first === undefined || /\S/.test(first.cooked)) return verb.test(first?.cooked ?? "");
  return isSql(source.unread(() => textsOf(source, node, env))[0] ?? "");
}

const isSql = (text: string): boolean => verb.test(text) && / /.test(text.trim());

/** The name a statement stands under: its function, or the constant at the top of the file. */
function declared(source: Source, node: Node): string | undefined {
  if (node.type === "FunctionDeclaration") return nameOf(node["id"]);
  if (node.type !== "VariableDeclarator") return undefined;
  const isTop = nodesOf(source.root["body"]).some(
    (one) =>
      one === node ||
      nodesOf(one["declarations"]).includes(node) ||
      nodesOf((one["declaration"] as Node | null)?.["declarations"]).includes(node),
  );
  return isTop ? nameOf(node["id"]) : undefined;
}

/** Parameters that can be only a few texts by their type. */
function typed(source: Source, made: Node): [string, readonly string[]][] {
  return nodesOf(made["params"]).flatMap((param): [string, readonly string[]][] => {
    const name = nameOf(param);
    const texts = textsOfType(source, param["typeAnnotation"] as Node | undefined);
    return name !== undefined && texts ? [[name, texts]] : [];
  });
}

function looseIn(source: Source, place: string, watched: readonly string[]): string[] {
  const named = new RegExp(
    `\\b(?:from|join|into|update|copy)\\s+(?:only\\s+)?(?:public\\.)?(?:${watched.join("|")})\\b`,
  );
  const loose: string[] = [];
  const walk = (node: Node): void => {
    const text = source.text.slice(node.start, node.end);
    const isText = node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
    if (isText && !source.used.has(node.start) && named.test(text)) loose.push(`${place}: ${text.slice(0, 80)}`);
    childrenOf(node).forEach(walk);
  };
  walk(source.root);
  return loose;
}
