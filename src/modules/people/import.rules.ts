import { isWithin } from "#kernel/area";
import { birthDateOf, idFault, isDay, normalId, normalPhone, sexOf } from "./identity.rules.ts";
import { idKinds, type IdKind, type NewPerson, type RowError, type Sex } from "./people.model.ts";

/** A row of the file with the line it stands on. */
export interface ImportRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A good row as a person, with its line for what is found later. */
export interface ReadPerson {
  readonly line: number;
  readonly person: NewPerson;
}

export interface ReadPeople {
  readonly good: readonly ReadPerson[];
  readonly errors: readonly RowError[];
}

/** English and Chinese headings of the same column. */
const headings = {
  ref: ["ref", "编号", "人员编号"],
  areaCode: ["area_code", "区划代码", "村居代码"],
  name: ["name", "姓名"],
  sex: ["sex", "性别"],
  birthDate: ["birth_date", "出生日期"],
  idKind: ["id_kind", "证件类型"],
  idNumber: ["id_number", "证件号码", "身份证号", "身份证号码"],
  phone: ["phone", "手机号", "联系电话"],
  household: ["household", "户号"],
  address: ["address", "住址", "现住址"],
  occupation: ["occupation", "职业"],
} as const;

type Column = keyof typeof headings;

const sexes: Readonly<Record<string, Sex>> = {
  "": "unknown",
  male: "male",
  m: "male",
  男: "male",
  female: "female",
  f: "female",
  女: "female",
  unknown: "unknown",
  未知: "unknown",
};

const kinds: Readonly<Record<string, IdKind>> = {
  ...Object.fromEntries(idKinds.map((kind) => [kind.toLowerCase(), kind])),
  居民身份证: "residentId",
  身份证: "residentId",
  护照: "passport",
  港澳居民来往内地通行证: "hkMacaoPermit",
  台湾居民来往大陆通行证: "taiwanPermit",
  外国人永久居留身份证: "foreignPermit",
  其他: "other",
};

const nameCharsMax = 100;

/** Reads the rows of a people file; a bad row is left out, each fault is named by line and field, never by its text. */
export function readPeopleRows(rows: readonly ImportRow[], facts: { today: string; within: string }): ReadPeople {
  const good: ReadPerson[] = [];
  const errors: RowError[] = [];
  const firstLine = new Map<string, number>();
  for (const row of rows) {
    const faults: RowError[] = [];
    const person = readRow(row, facts, faults);
    // spec: PEOPLE-5
    for (const key of faults.length === 0 ? keysOf(person) : []) {
      const first = firstLine.get(key.key);
      if (first === undefined) firstLine.set(key.key, row.line);
      else faults.push({ row: row.line, field: key.field, message: `is the same as on line ${first}` });
    }
    if (faults.length === 0) good.push({ line: row.line, person });
    else errors.push(...faults);
  }
  return { good, errors };
}

function keysOf(person: NewPerson): { key: string; field: string }[] {
  return [
    ...(person.idNumber === undefined ? [] : [{ key: `id ${person.idKind}:${person.idNumber}`, field: "idNumber" }]),
    ...(person.ref === undefined ? [] : [{ key: `ref ${person.ref}`, field: "ref" }]),
  ];
}

function readRow(row: ImportRow, facts: { today: string; within: string }, faults: RowError[]): NewPerson {
  const text = (column: Column): string => {
    for (const heading of headings[column]) if (row.cells[heading]) return row.cells[heading];
    return "";
  };
  const bad = (field: Column, message: string): void => {
    faults.push({ row: row.line, field, message });
  };
  const areaCode = text("areaCode");
  if (!/^[0-9A-Za-z]{2,20}$/.test(areaCode)) bad("areaCode", "is not an area code");
  else if (!isWithin(areaCode, facts.within)) bad("areaCode", "lies outside the area of this import");
  const name = text("name");
  if (name === "" || name.length > nameCharsMax) bad("name", `has 1 to ${nameCharsMax} characters`);
  const sex = sexes[text("sex").toLowerCase()];
  if (sex === undefined) bad("sex", "is not 男, 女, male or female");
  const birthDate = readDay(text("birthDate"));
  if (birthDate === null || (birthDate ?? "") > facts.today) bad("birthDate", "is not a day of birth (YYYY-MM-DD)");
  const identity = readIdentity(
    text("idKind"),
    text("idNumber"),
    { ...facts, sex, birthDate: birthDate ?? undefined },
    bad,
  );
  const phone = text("phone") === "" ? undefined : normalPhone(text("phone"));
  if (phone === null) bad("phone", "is not a phone number");
  if (identity === null && text("ref") === "") bad("idNumber", "or a ref is needed, to know the person again");
  const known = identity?.idKind === "residentId" && faults.length === 0 ? identity.idNumber : undefined;
  const day = birthDate ?? (known === undefined ? undefined : birthDateOf(known));
  const sexKnown = known !== undefined && sex === "unknown" ? sexOf(known) : sex;
  return {
    areaCode,
    name,
    sex: sexKnown ?? "unknown",
    ...(day === undefined ? {} : { birthDate: day }),
    ...identity,
    ...(phone ? { phone } : {}),
    ...optional("ref", text("ref")),
    ...optional("household", text("household")),
    ...optional("address", text("address")),
    ...optional("occupation", text("occupation")),
  };
}

function optional<K extends string>(key: K, text: string): { [P in K]?: string } {
  return (text === "" ? {} : { [key]: text }) as { [P in K]?: string };
}

/** Undefined when empty, null when it is no day; takes 2022-07-24, 2022/7/24 and 20220724. */
function readDay(text: string): string | null | undefined {
  if (text === "") return undefined;
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(text);
  if (!parts) return null;
  const day = `${parts[1]}-${parts[2]?.padStart(2, "0")}-${parts[3]?.padStart(2, "0")}`;
  return isDay(day) ? day : null;
}

function readIdentity(
  kindText: string,
  numberText: string,
  facts: { today: string; sex: Sex | undefined; birthDate: string | undefined },
  bad: (field: Column, message: string) => void,
): { idKind: IdKind; idNumber: string } | null {
  if (numberText === "") return null;
  const kind = kindText === "" ? "residentId" : kinds[kindText.toLowerCase()];
  if (kind === undefined) {
    bad("idKind", `is one of ${idKinds.join(", ")}`);
    return null;
  }
  const number = normalId(kind, numberText);
  const fault = idFault(kind, number, {
    today: facts.today,
    ...(facts.sex === undefined ? {} : { sex: facts.sex }),
    ...(facts.birthDate === undefined ? {} : { birthDate: facts.birthDate }),
  });
  if (fault !== null) bad("idNumber", fault);
  return { idKind: kind, idNumber: number };
}
