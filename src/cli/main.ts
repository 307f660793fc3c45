#!/usr/bin/env node
import { Command } from "commander";
import { ProblemError } from "#kernel/errors";
import { accountCommand } from "./account.command.ts";
import { auditCommand } from "./audit.command.ts";
import { dbCommand } from "./db.command.ts";
import { docsCommand } from "./docs.command.ts";
import { doctorCommand } from "./doctor.command.ts";
import { drillCommand } from "./drill.command.ts";
import { importCommand } from "./import.command.ts";
import { peopleCommand } from "./people.command.ts";
import { problemText } from "./problem.text.ts";
import { loadCommand } from "./load.command.ts";
import { serveCommand } from "./serve.command.ts";
import { exportCommand, templateCommand } from "./sheet.command.ts";
import { startCommand } from "./start.command.ts";

const program = new Command("wuyang")
  .description("Wuyang 无恙: outbreak response, from the first positive to the all-clear")
  .showHelpAfterError()
  .addCommand(startCommand())
  .addCommand(serveCommand())
  .addCommand(auditCommand())
  .addCommand(drillCommand())
  .addCommand(loadCommand())
  .addCommand(dbCommand())
  .addCommand(importCommand())
  .addCommand(peopleCommand())
  .addCommand(exportCommand())
  .addCommand(templateCommand())
  .addCommand(accountCommand())
  .addCommand(doctorCommand())
  .addCommand(docsCommand());

try {
  await program.parseAsync();
} catch (error) {
  // A person reads this: the sentence first; the stack only on request.
  const text = error instanceof ProblemError ? problemText(error) : (error as Error).message;
  process.stderr.write(`wuyang: ${text}\n`);
  if (process.env["LOG_LEVEL"] === "debug") process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exitCode = 1;
}
