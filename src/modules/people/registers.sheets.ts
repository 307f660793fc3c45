import {
  areaColumn,
  choiceColumn,
  dayColumn,
  optional,
  rowFault,
  textColumn,
  type Both,
  type Column,
  type ReadRow,
} from "#kernel/sheet";
import { defineSheet, type ExportQuery, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import type { IdKind, Sex } from "./people.model.ts";
import type { Entry, EntryState } from "./registers.model.ts";
import { entriesMax, pageEntries, takeEntries } from "./registers.service.ts";

const h = (zh: string, en: string): Both => ({ "zh-CN": zh, en });

const sexWords: Readonly<Record<Sex, Both>> = {
  male: h("男", "male"),
  female: h("女", "female"),
  unknown: h("未知", "unknown"),
};

const idKindWords: Readonly<Record<IdKind, Both>> = {
  residentId: h("居民身份证", "resident identity card"),
  passport: h("护照", "passport"),
  hkMacaoPermit: h("港澳居民来往内地通行证", "Hong Kong or Macao permit"),
  taiwanPermit: h("台湾居民来往大陆通行证", "Taiwan permit"),
  foreignPermit: h("外国人永久居留身份证", "foreigner's permit"),
  other: h("其他", "other"),
};

const columns = {
  register: textColumn(h("来源编码", "register"), { max: 60, example: "CAO-HUJI" }),
  ref: textColumn(h("编号", "ref"), { max: 100, example: "0001" }),
  areaCode: areaColumn(h("村居代码", "area_code"), { also: ["区划代码"] }),
  name: textColumn(h("姓名", "name"), { max: 100, example: "张三丰" }),
  birthDate: optional(dayColumn(h("出生日期", "birth_date"), { example: "1990-01-01" })),
  sex: optional(choiceColumn(h("性别", "sex"), sexWords)),
  address: optional(textColumn(h("住址", "address"), { max: 300, also: ["现住址"] })),
  idKind: optional(choiceColumn(h("证件类型", "id_kind"), idKindWords)),
  idNumber: optional(textColumn(h("证件号码", "id_number"), { max: 40, also: ["身份证号", "身份证号码"] })),
  phone: optional(textColumn(h("手机号", "phone"), { max: 40, also: ["联系电话"] })),
};

const importEntries = useCase(
  { name: "people.importEntries", permission: "people.register.write", kind: "write" },
  async (tx, { rows }: { readonly rows: readonly ReadRow<typeof columns>[] }): Promise<Taken> => {
    const entries = rows.map(({ row: { birthDate, sex, address, idKind, idNumber, phone, ...row } }) => ({
      ...row,
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(sex === undefined ? {} : { sex }),
      ...(address === undefined ? {} : { address }),
      ...(idKind === undefined ? {} : { idKind }),
      ...(idNumber === undefined ? {} : { idNumber }),
      ...(phone === undefined ? {} : { phone }),
    }));
    const outcome = await takeEntries(tx, entries);
    const named: Readonly<Record<string, Column<unknown>>> = columns;
    const faults = outcome.bad.map(({ index, field, message }) => {
      const [en = message, zh = message] = message.split(" / ");
      return rowFault(named[field] ?? null, rows[index]?.line ?? 0, { "zh-CN": zh, en }, tx.lang);
    });
    return { taken: outcome.taken, known: outcome.known, faults };
  },
);

const exportEntries = useCase(
  { name: "people.exportEntries", permission: "people.register.read", kind: "read" },
  (tx, { state, ...query }: ExportQuery) =>
    pageEntries(tx, { ...query, ...(state === undefined ? {} : { state: state as EntryState }) }),
);

/** Rows of registers in; out, where each stands, with the name covered. */
export const registerSheets: readonly SheetDef[] = [
  defineSheet({
    name: "people-register-entries",
    title: h("人员来源数据", "Entries of the registers"),
    tag: "people",
    columns,
    take: importEntries,
    partRows: entriesMax,
    list: exportEntries,
    out: [
      { heading: h("来源编码", "register"), value: (row: Entry) => row.register },
      { heading: h("编号", "ref"), value: (row) => row.ref },
      { heading: h("村居代码", "area_code"), value: (row) => row.areaCode },
      { heading: h("姓名", "name"), value: (row) => row.maskedName },
      { heading: h("证件", "id_state"), value: (row) => row.idState },
      { heading: h("状态", "state"), value: (row) => row.state },
      { heading: h("人员编号", "person_id"), value: (row) => row.personId },
    ],
  }),
];
