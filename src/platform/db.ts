import { createHash } from "node:crypto";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { assert } from "#kernel/assert";
import type { Day } from "#kernel/time";

export type Cell = string | number | boolean | null;
export type Param = unknown;

/** SQL in one transaction; texts are plain SQL with $1 parameters and are prepared once per connection. */
export interface Sql {
  many<R>(text: string, params?: readonly Param[]): Promise<R[]>;
  /** The only row or undefined; more than one row is a programmer's error. */
  maybe<R>(text: string, params?: readonly Param[]): Promise<R | undefined>;
  /** The only row; anything else is a programmer's error. */
  one<R>(text: string, params?: readonly Param[]): Promise<R>;
  /** Runs a statement and returns the number of rows it touched. */
  run(text: string, params?: readonly Param[]): Promise<number>;
  /** COPY into `table (columns)`; returns the number of rows. */
  copyIn(tableAndColumns: string, rows: Iterable<readonly Cell[]>): Promise<number>;
  /** COPY into `table (columns)` of rows already in COPY's binary form (`copyRows` in copy.ts makes them). */
  copyInBinary(tableAndColumns: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /** COPY of a query or table to COPY's binary form; it takes no parameters, so the text may hold only numbers and days. */
  copyOutBinary(queryOrTable: string): AsyncIterable<Buffer>;
  /** Several statements without parameters (savepoints, DDL in migrations). */
  script(text: string): Promise<void>;
}

/** What asks and writes by one statement at a time. */
export type Statements = Pick<Sql, "many" | "maybe" | "one" | "run">;

/** Where transactions come from: a pool, or (in a drill step) a transaction that is already open. */
export interface Database {
  /** `first` are statements without parameters that go to the database in the same message as the transaction's begin. */
  transaction<T>(fn: (sql: Sql) => Promise<T>, first?: string): Promise<T>;
}

const types = {
  getTypeParser(oid: number, format?: "text" | "binary"): unknown {
    if (format !== "binary") {
      if (oid === 20 || oid === 1700) return Number; // int8 and numeric: every number here is below 2^53.
      if (oid === 1184) return instantText;
      if (oid === 1082) return String; // date stays YYYY-MM-DD.
      if (oid === 1016) return (text: string) => text.slice(1, -1).split(",").filter(Boolean).map(Number);
    }
    return pg.types.getTypeParser(oid, format);
  },
};

const wholeSecondChars = "2022-07-24 00:30:00".length;
const zoneText = "+00";
const milliDigits = 3;

/**
 * PostgreSQL writes 2022-07-24 00:30:00.5+00 because every session runs in UTC; an instant has three decimals and a Z. By
 * hand, because a list holds tens of thousands of moments and a Date for each took longer than the query.
 */
export function instantText(text: string): string {
  const zoneAt = text.length - zoneText.length;
  const isUsual = text.charCodeAt(10) === 32 && zoneAt >= wholeSecondChars && text.endsWith(zoneText);
  if (!isUsual) return new Date(text.replace(" ", "T").replace("+00", "Z")).toISOString();
  const decimals = text.slice(wholeSecondChars + 1, Math.min(zoneAt, wholeSecondChars + 1 + milliDigits));
  return `${text.slice(0, 10)}T${text.slice(11, wholeSecondChars)}.${decimals.padEnd(milliDigits, "0")}Z`;
}

const statementNames = new Map<string, string>();
const statementCountMax = 4_000;

function statementName(text: string): string {
  let name = statementNames.get(text);
  if (!name) {
    // Texts made anew each time (which should not happen) must not grow this map for ever.
    if (statementNames.size >= statementCountMax) statementNames.clear();
    name = createHash("sha1").update(text).digest("base64url");
    statementNames.set(text, name);
  }
  return name;
}

function copyLine(row: readonly Cell[]): string {
  let line = "";
  for (let i = 0; i < row.length; i++) {
    if (i > 0) line += "\t";
    const cell = row[i];
    if (cell === null || cell === undefined) line += "\\N";
    else if (typeof cell === "string") {
      line += /[\\\t\n\r]/.test(cell)
        ? cell.replace(/\\/g, "\\\\").replace(/\t/g, "\\t").replace(/\n/g, "\\n").replace(/\r/g, "\\r")
        : cell;
    } else line += String(cell);
  }
  return `${line}\n`;
}

/** An array of numbers, days or nulls as PostgreSQL writes it: no element of them needs quotes, which cost more than the rest. */
export function plainArray(values: readonly (number | Day | null)[]): string {
  return `{${values.map((value) => value ?? "null").join(",")}}`;
}

const copyChunkChars = 64 * 1024;

/** The SQL interface over one connection. */
export function sqlOf(client: Pick<pg.ClientBase, "query">): Sql {
  async function query(text: string, params: readonly Param[] = []): Promise<pg.QueryResult> {
    return client.query({ name: statementName(text), text, values: params as unknown[] });
  }
  return {
    async many<R>(text: string, params?: readonly Param[]): Promise<R[]> {
      return (await query(text, params)).rows as R[];
    },
    async maybe<R>(text: string, params?: readonly Param[]): Promise<R | undefined> {
      const { rows } = await query(text, params);
      assert(rows.length <= 1, "at most one row was expected");
      return rows[0] as R | undefined;
    },
    async one<R>(text: string, params?: readonly Param[]): Promise<R> {
      const { rows } = await query(text, params);
      assert(rows.length === 1, `exactly one row was expected, not ${rows.length}`);
      return rows[0] as R;
    },
    async run(text, params) {
      return (await query(text, params)).rowCount ?? 0;
    },
    async copyIn(tableAndColumns, rows) {
      let count = 0;
      function* chunks(): Generator<string> {
        let chunk = "";
        for (const row of rows) {
          chunk += copyLine(row);
          count += 1;
          if (chunk.length >= copyChunkChars) {
            yield chunk;
            chunk = "";
          }
        }
        if (chunk) yield chunk;
      }
      const stream = client.query(copyFrom(`copy ${tableAndColumns} from stdin`));
      await pipeline(Readable.from(chunks(), { objectMode: true }), stream);
      return count;
    },
    async copyInBinary(tableAndColumns, chunks) {
      const stream = client.query(copyFrom(`copy ${tableAndColumns} from stdin (format binary)`));
      await pipeline(Readable.from(chunks, { objectMode: true }), stream);
    },
    copyOutBinary(queryOrTable) {
      return client.query(copyTo(`copy ${queryOrTable} to stdout (format binary)`)) as AsyncIterable<Buffer>;
    },
    async script(text) {
      await client.query(text);
    },
  };
}

export interface PoolUse {
  readonly most: number;
  readonly open: number;
  readonly free: number;
  readonly waiting: number;
}

/** A connection pool; `role` is taken on every connection so that row-level security binds. */
export interface Pool extends Database {
  readonly url: string;
  /** Each statement is a transaction of its own, on any connection: two turns to the database less than one of one statement. */
  readonly single: Statements;
  /** A connection of one's own, for LISTEN and long steps; the caller must release it. */
  connect(): Promise<{ client: pg.Client; sql: Sql; release(): Promise<void> }>;
  /** How many connections it may hold, holds, has free, and how many askers wait for one. */
  use(): PoolUse;
  /** Waits for what is in hand, then breaks it off. */
  close(): Promise<void>;
}

const poolSizeDefault = 10;
const connectTimeoutMs = 10_000;
/** How long connections that close wait for the transactions in hand. */
const closeMsMax = 2_000;

export interface PoolOptions {
  readonly role?: string;
  readonly size?: number;
}

/**
 * Small work that is done a hundred times a second is planned once. Not where Citus spreads tables: it finds the shards by
 * the values at hand, and refuses a plan for any value that may ask several of them (its source,
 * planner/distributed_planner.c).
 */
export function planOnce(isLocal: "true" | "false"): string {
  return `select set_config('plan_cache_mode',
    case when to_regclass('pg_catalog.pg_dist_partition') is null then 'force_generic_plan' else 'force_custom_plan' end, ${isLocal})`;
}

/**
 * A list's best plan hangs on how wide the reader's area is, so plans are made for the values at hand; a generic one
 * took seconds where this takes milliseconds. What a pipeline does is the same small work a hundred times a second. The
 * setting of Citus sends the bounds of row-level security (fence.ts) with a transaction to the machines of a spread
 * database; without Citus it is a name that nobody reads.
 */
function setupText({ role, pipeline }: ConnectionOptions): string {
  const plans = pipeline ? planOnce("false") : "set plan_cache_mode = force_custom_plan";
  return `set time zone 'UTC'; set jit = off; ${plans}; set citus.propagate_set_commands = 'local';${role ? ` set role ${role};` : ""}`;
}

interface ConnectionOptions extends PoolOptions {
  /** Statements are sent without waiting for the answers of those before. */
  readonly pipeline?: boolean;
}

/** Connections to a PostgreSQL URL, each set up before it is lent, and how they are closed. */
export function openConnections(
  url: string,
  options: ConnectionOptions,
): { readonly pool: pg.Pool; close(): Promise<void> } {
  const setup = setupText(options);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? poolSizeDefault,
    connectionTimeoutMillis: connectTimeoutMs,
    types: types as never,
    pipeline: options.pipeline ?? false,
    // The pool waits for this promise before it lends the connection out; the types do not know it yet.
    onConnect: (client: pg.ClientBase) => client.query(setup),
  } as object as pg.PoolConfig);
  const open = new Set<pg.PoolClient>();
  // A connection that dies, idle or lent, is replaced at the next use; without a listener it would stop the program.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    open.add(client);
  });
  pool.on("remove", (client) => open.delete(client));
  return {
    pool,
    async close() {
      // A client that is ended while it waits for an answer breaks off, and PostgreSQL rolls its transaction back.
      const late = setTimeout(
        () => open.forEach((client) => void (client as pg.PoolClient & pg.Client).end()),
        closeMsMax,
      );
      await pool.end();
      clearTimeout(late);
    },
  };
}

/** Opens a pool on a PostgreSQL URL. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const { pool, close } = openConnections(url, options);
  return {
    url,
    close,
    single: sqlOf(pool),
    async transaction(fn, first) {
      const client = await pool.connect();
      let broken = false;
      // A connection that is lost between two statements of a transaction tells nobody else, and would stop the program.
      const onLost = (): void => void (broken = true);
      client.on("error", onLost);
      try {
        await client.query(first === undefined ? "begin" : `begin; ${first}`);
        const result = await fn(sqlOf(client));
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        client.off("error", onLost);
        client.release(broken);
      }
    },
    async connect() {
      const client = new pg.Client({ connectionString: url, types: types as never });
      await client.connect();
      client.on("error", () => undefined);
      await client.query(setupText(options));
      return { client, sql: sqlOf(client), release: () => client.end() };
    },
    use: () => ({
      most: options.size ?? poolSizeDefault,
      open: pool.totalCount,
      free: pool.idleCount,
      waiting: pool.waitingCount,
    }),
  };
}

/** A database whose transactions are savepoints of one that is already open. */
export function nested(sql: Sql): Database {
  let depth = 0;
  return {
    async transaction(fn, first) {
      depth += 1;
      const name = `sp${depth}`;
      try {
        await sql.script(first === undefined ? `savepoint ${name}` : `savepoint ${name}; ${first}`);
        try {
          const result = await fn(sql);
          await sql.script(`release ${name}`);
          return result;
        } catch (error) {
          await sql.script(`rollback to ${name}; release ${name}`);
          throw error;
        }
      } finally {
        depth -= 1;
      }
    },
  };
}
