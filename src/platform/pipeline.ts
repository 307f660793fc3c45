import { assert } from "#kernel/assert";
import { openConnections, sqlOf, type Database, type PoolOptions, type Sql } from "./db.ts";

/** Connections on which statements are sent without waiting for the answers of those before. */
export interface Pipeline {
  /**
   * One transaction. The promise in what `fn` gives is still under way, so that the commit is sent together with it: a
   * busy event loop sees an answer only at its next turn, and each turn saved is one that no call of a group waits for.
   */
  transaction<T>(fn: (sql: Sql) => Promise<{ readonly last: Promise<T> }>): Promise<T>;
  close(): Promise<void>;
}

const ignore = (): void => undefined;

/** Opens connections for transactions whose statements are sent together; COPY is not for them. */
export function openPipeline(url: string, options: PoolOptions): Pipeline {
  const { pool, close } = openConnections(url, { ...options, pipeline: true });
  return {
    close,
    async transaction(fn) {
      const client = await pool.connect();
      let broken = true;
      try {
        // An error of this one shows in the first statement that is waited for.
        client.query("begin").catch(ignore);
        const { last } = await fn(sqlOf(client)).catch(async (error: unknown) => {
          await client.query("rollback").then(() => (broken = false), ignore);
          throw error;
        });
        const [done, end] = await Promise.allSettled([last, client.query("commit")]);
        broken = end.status === "rejected";
        if (done.status === "rejected") throw done.reason as Error;
        if (end.status === "rejected") throw end.reason as Error;
        // PostgreSQL answers a commit with ROLLBACK when a statement before it failed.
        assert(end.value.command === "COMMIT", "a statement failed that nobody waited for");
        return done.value;
      } finally {
        client.release(broken);
      }
    },
  };
}

/** The same SQL on a connection that takes one statement at a time: each waits for those before it. */
export function inTurn(sql: Sql): Sql {
  let before: Promise<unknown> = Promise.resolve();
  function next<T>(run: () => Promise<T>): Promise<T> {
    const mine = before.then(run);
    before = mine.catch(ignore);
    return mine;
  }
  return {
    ...sql,
    many: (text, params) => next(() => sql.many(text, params)),
    maybe: (text, params) => next(() => sql.maybe(text, params)),
    one: (text, params) => next(() => sql.one(text, params)),
    run: (text, params) => next(() => sql.run(text, params)),
    script: (text) => next(() => sql.script(text)),
    copyInBinary: (columns, chunks) => next(() => sql.copyInBinary(columns, chunks)),
  };
}

/** A pool's transactions in the shape of a pipeline's, for work that needs COPY: its statements wait for each other. */
export function poolInTurn(db: Database): Pick<Pipeline, "transaction"> {
  return {
    transaction: (fn) =>
      db.transaction(async (sql) => {
        const { last } = await fn(inTurn(sql));
        return last;
      }),
  };
}
