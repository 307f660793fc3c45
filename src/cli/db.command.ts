import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { readConfig } from "#platform/config";
import { distribute, dropLocalRows, gather, hasCitus, preparation, spreadStatements } from "#platform/distribute";
import { describeSchema } from "#platform/schema";
import { openStore } from "#platform/store";

/** `wuyang db …`: migrations and the schema dump. */
export function dbCommand(): Command {
  const db = new Command("db").description("the database");
  db.command("migrate")
    .description("apply the migrations that are missing")
    .action(async () => {
      const store = await openStore(readConfig(process.env));
      await store.close();
      process.stdout.write("The database is up to date.\n");
    });
  db.command("schema")
    .description("write the schema the migrations add up to")
    .option("--out <file>", "file to write", "migrations/schema.sql")
    .action(async (options: { out: string }) => {
      const store = await openStore(readConfig(process.env), { database: "wuyang_schema", fresh: true });
      try {
        writeFileSync(options.out, await store.owner.transaction(describeSchema));
        process.stdout.write(`${options.out} is written.\n`);
      } finally {
        await store.close();
      }
    });
  db.command("distribute")
    .description("spread the large tables over machines by Citus")
    .option("--dry-run", "show the statements and run none")
    .action(async (options: { dryRun?: boolean }) => {
      const store = await openStore(readConfig(process.env));
      try {
        const found = await store.owner.transaction(hasCitus);
        if (options.dryRun) {
          process.stdout.write(preparation());
          process.stdout.write(
            spreadStatements()
              .map(({ text }) => `${text};\n`)
              .join(""),
          );
          process.stdout.write(found ? "" : "-- The extension citus is not in this database.\n");
          return;
        }
        const done = await store.owner.transaction(distribute);
        await store.owner.transaction((sql) => dropLocalRows(sql, done));
        process.stdout.write(`Spread: ${done.join(", ") || "nothing that was not spread before"}.\n`);
      } finally {
        await store.close();
      }
    });
  db.command("gather")
    .description("give a database that was spread, and is restored into one PostgreSQL, its former keys and policies")
    .action(async () => {
      const store = await openStore(readConfig(process.env));
      try {
        await store.owner.transaction(gather);
        process.stdout.write("The database has the form of one machine.\n");
      } finally {
        await store.close();
      }
    });
  return db;
}
