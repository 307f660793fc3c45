import { readConfig } from "#platform/config";
import { placements } from "#platform/placement";
import { openStore } from "#platform/store";
import { option } from "./program.ts";

/**
 * What a row of each large table takes on disk with its indexes, in a database that was filled through the use cases.
 * Run: npm run drill -- --scenario heze-2022 --scale 0.005 --seed 1, then
 * node bench/sizes.ts --database drill_heze_2022_1_50 [--rows 1000]
 */

const rowsMin = Number(option("rows", "1000"));
const database = option("database", "");
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const store = await openStore(readConfig(process.env), { ...(database ? { database } : {}), asItIs: true });
try {
  await store.owner.transaction(async (sql) => {
    const sizes: { name: string; rows: number; heap: number; all: number }[] = [];
    for (const name of Object.keys(placements)) {
      const { rows } = await sql.one<{ rows: number }>(`select count(*) as rows from ${name}`);
      const { heap, all } = await sql.one<{ heap: number; all: number }>(
        `select coalesce(sum(pg_table_size(relid)), 0)::float8 as heap, coalesce(sum(pg_total_relation_size(relid)), 0)::float8 as all
         from (select $1::regclass as relid union select relid from pg_partition_tree($1::regclass)) as parts`,
        [name],
      );
      if (rows >= rowsMin) sizes.push({ name, rows, heap, all });
    }
    print(`${"table".padEnd(20)}${"rows".padStart(12)}${"bytes/row".padStart(12)}${"with indexes".padStart(14)}`);
    for (const { name, rows, heap, all } of sizes.toSorted((a, b) => b.all - a.all))
      print(
        `${name.padEnd(20)}${String(rows).padStart(12)}${String(Math.round(heap / rows)).padStart(12)}${String(Math.round(all / rows)).padStart(14)}`,
      );
  });
} finally {
  await store.close();
}
