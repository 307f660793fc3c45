import { Command } from "commander";
import { sealAudit, verifyAudit } from "#platform/audit";
import { wallClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import { openStore } from "#platform/store";

/** `wuyang audit verify`: recomputes the hash chain over the audit. */
export function auditCommand(): Command {
  const audit = new Command("audit").description("the audit of reads and writes");
  audit
    .command("verify")
    .description("recompute the hash chain; exit code 1 when a row was changed, added or removed")
    .option("--database <name>", "a database other than the installation's own (a drill's)")
    .action(async (options: { database?: string }) => {
      const store = await openStore(readConfig(process.env), options);
      try {
        await sealAudit(store.pool, wallClock.now());
        const verdict = await verifyAudit(store.owner);
        process.stdout.write(
          `${verdict.blocks} blocks, ${verdict.rows} rows sealed, ${verdict.unsealed} not sealed yet\n`,
        );
        if (verdict.brokenBlock === null) process.stdout.write("The chain is whole.\n");
        else {
          process.stdout.write(`Block ${verdict.brokenBlock} does not fit its rows: the audit was changed.\n`);
          process.exitCode = 1;
        }
      } finally {
        await store.close();
      }
    });
  return audit;
}
