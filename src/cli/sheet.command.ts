import { writeFileSync } from "node:fs";
import { Argument, Command, Option } from "commander";
import { wallClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import { exportSheet, templateOf, type SheetDef } from "#platform/sheets";
import { openStore } from "#platform/store";
import { makeServices, systemCtx } from "#server/start";
import { sheets } from "#server/modules";
import { areaOption } from "./area.option.ts";

interface ExportOptions {
  readonly area: string;
  readonly state?: string;
  readonly lang: "zh-CN" | "en";
  readonly reason?: string;
  readonly database?: string;
}

function sheetOf(name: string): SheetDef {
  const sheet = sheets.find((one) => one.name === name);
  if (!sheet) throw new Error(`There is no sheet ${name}.`);
  return sheet;
}

function formatOf(file: string): "csv" | "xlsx" {
  return file.toLowerCase().endsWith(".csv") ? "csv" : "xlsx";
}

async function writeTemplate(name: string, file: string, { lang }: { readonly lang: "zh-CN" | "en" }): Promise<void> {
  const { text } = await templateOf(sheetOf(name), lang, formatOf(file));
  writeFileSync(file, text);
  process.stdout.write(`${file}: fill it in, then wuyang import ${name} ${file}\n`);
}

async function exportFile(name: string, file: string, options: ExportOptions): Promise<void> {
  const sheet = sheetOf(name);
  if (sheet.giving?.personal && !options.reason)
    throw new Error(`${name} holds people's data: give the purpose by --reason, it is kept in the audit.`);
  const config = readConfig(process.env);
  const store = await openStore(config, options.database === undefined ? {} : { database: options.database });
  try {
    const system = systemCtx(store.pool, makeServices(config), wallClock);
    const ctx = {
      ...system,
      actor: { ...system.actor, id: "command-line", name: "command line", areaCode: options.area },
      lang: options.lang,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    };
    const filters = {
      ...(options.area === "" ? {} : { areaCode: options.area }),
      ...(options.state === undefined ? {} : { state: options.state }),
    };
    const { text } = await exportSheet(ctx, sheet, filters, formatOf(file));
    writeFileSync(file, text);
    process.stdout.write(`${file} written.\n`);
  } finally {
    await store.close();
  }
}

const languageOption = () =>
  new Option("--lang <language>", "the language of the headings").choices(["zh-CN", "en"]).default("zh-CN");

/** `wuyang template`: the empty table of a sheet. */
export function templateCommand(): Command {
  const names = sheets.filter((sheet) => sheet.taking).map((sheet) => sheet.name);
  return new Command("template")
    .description("write the empty table of an import, with what may stand in each column")
    .addArgument(new Argument("<what>", "what the table is for").choices(names))
    .argument("<file>", "an .xlsx or a .csv file")
    .addOption(languageOption())
    .action(writeTemplate);
}

/** `wuyang export`: a list of the system as a spreadsheet. */
export function exportCommand(): Command {
  const names = sheets.filter((sheet) => sheet.giving).map((sheet) => sheet.name);
  return new Command("export")
    .description("write a list as a spreadsheet")
    .addArgument(new Argument("<what>", "which list").choices(names))
    .argument("<file>", "an .xlsx or a .csv file")
    .option("--area <code>", "only rows inside this area", areaOption, "")
    .option("--state <state>", "only rows in this state")
    .option("--reason <purpose>", "for lists with people's data: the purpose, kept in the audit")
    .option("--database <name>", "a database other than the installation's own (a drill's)")
    .addOption(languageOption())
    .action(exportFile);
}
