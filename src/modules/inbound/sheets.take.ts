import { ProblemError } from "#kernel/errors";
import { isWithin } from "#kernel/area";
import {
  areaColumn,
  choiceColumn,
  dayColumn,
  momentColumn,
  optional,
  rowFault,
  textColumn,
  type Both,
  type ReadRow,
  type RowFault,
} from "#kernel/sheet";
import { instantAt } from "#kernel/time";
import { givenPosition, placedRows, positionColumns } from "#domain/areas";
import type { OriginLevel } from "#domain/outbreaks";
import { idFault, normalId, type IdKind } from "#domain/people";
import { areasByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import type { Tx } from "#platform/context";
import type { Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { addArrivals, inboundRules } from "./arrivals.service.ts";
import type { checkpointKinds, NewPost } from "./control.model.ts";
import { storeLetter } from "./letters.service.ts";
import { join, storePost } from "./posts.service.ts";
import { findPost, placePost } from "./posts.store.ts";
import { storeRegions } from "./regions.service.ts";
import { checkpointByCode, insertCheckpoint, placeCheckpoint } from "./roads.store.ts";

/** A heading or a message in both languages. */
export const both = (zh: string, en: string): Both => ({ "zh-CN": zh, en });
const unknownArea = both("没有这个区划", "no such area");
const badNumber = both("证件号码有误", "this number is not right");
const idKindWords: Readonly<Record<IdKind, Both>> = {
  residentId: both("居民身份证", "resident identity card"),
  passport: both("护照", "passport"),
  hkMacaoPermit: both("港澳通行证", "Hong Kong–Macao permit"),
  taiwanPermit: both("台胞证", "Taiwan permit"),
  foreignPermit: both("外国人永居证", "foreigner's permit"),
  other: both("其他", "other"),
};
export const levelWords: Readonly<Record<OriginLevel, Both>> = {
  abroad: both("境外", "abroad"),
  high: both("高", "high"),
  medium: both("中", "medium"),
  low: both("低", "low"),
};

const traveller = {
  areaCode: areaColumn(both("目的地区划代码", "Area code"), { also: ["村居代码", "area_code"] }),
  name: textColumn(both("姓名", "Name"), { max: 100, example: "张三" }),
  idKind: optional(choiceColumn(both("证件类型", "Identity kind"), idKindWords)),
  idNumber: optional(textColumn(both("证件号码", "Identity number"), { max: 40, also: ["身份证号", "id_number"] })),
  phone: optional(textColumn(both("手机号", "Phone"), { max: 20 })),
  origin: textColumn(both("来源地", "Origin"), { max: 80, example: "320411" }),
  leftOn: dayColumn(both("离开日期", "Left on")),
};
export const declarationColumns = {
  ...traveller,
  arrivesAt: optional(momentColumn(both("到达时间", "Arrives at"))),
  vehicle: optional(textColumn(both("车次车牌", "Vehicle"), { max: 40 })),
};

type Row = ReadRow<typeof traveller>;

/** Splits rows into good ones and faults: villages that do not exist, numbers that do not check. */
async function checked<R extends Row>(tx: Tx, rows: readonly R[]): Promise<{ good: R[]; faults: RowFault[] }> {
  const known = await areasByCode(tx, [...new Set(rows.map(({ row }) => row.areaCode))]);
  const faults: RowFault[] = [];
  const good = rows.filter(({ line, row }) => {
    const kind = row.idKind ?? "residentId";
    const wrongArea = !known.has(row.areaCode) || !isWithin(row.areaCode, tx.actor.areaCode);
    const wrongNumber =
      row.idNumber !== undefined &&
      idFault(kind, normalId(kind, row.idNumber), { today: tx.now.slice(0, 10) }) !== null;
    if (wrongArea) faults.push(rowFault(traveller.areaCode, line, unknownArea, tx.lang));
    if (wrongNumber) faults.push(rowFault(traveller.idNumber, line, badNumber, tx.lang));
    return !wrongArea && !wrongNumber;
  });
  return { good, faults };
}

/** The fields that may be left out, without those that were. */
function given<T extends object>(of: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Takes a list of returnees; each new one is a visit. */
export const takeDeclarations = useCase(
  { name: "inbound.importArrivals", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof declarationColumns>[] }): Promise<Taken> => {
    const outbreak = await currentOutbreak(tx);
    const { good, faults } = await checked(tx, input.rows);
    if (good.length === 0) return { taken: 0, known: 0, faults };
    const travellers = good.map(({ row: { arrivesAt, ...row } }) => ({
      ...given(row),
      ...(arrivesAt === undefined
        ? {}
        : { arrivesAt: instantAt(arrivesAt.slice(0, 10), arrivesAt.slice(11), outbreak.timeZone) }),
    }));
    const { added } = await addArrivals(tx, outbreak, "list", travellers);
    return { taken: added.size, known: good.length - added.size, faults };
  },
);

export const regionColumns = {
  place: textColumn(both("地区代码或国家", "Place"), { max: 80, example: "320411" }),
  name: textColumn(both("名称", "Name"), { max: 100, example: "示例区" }),
  level: choiceColumn(both("等级", "Level"), levelWords),
  fromDay: dayColumn(both("起始日期", "From")),
  toDay: optional(dayColumn(both("终止日期", "To"))),
  source: textColumn(both("来源", "Source"), { max: 200, example: "省疫情通报" }),
};
const daysTurned = both("终止日期早于起始日期", "the last day lies before the first");

/** Takes a list of key regions. */
export const takeRegions = useCase(
  { name: "inbound.importRegions", permission: "inbound.region.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof regionColumns>[] }): Promise<Taken> => {
    const turned = input.rows.filter(({ row }) => row.toDay !== undefined && row.toDay < row.fromDay);
    const faults = turned.map(({ line }) => rowFault(regionColumns.toDay, line, daysTurned, tx.lang));
    // The last row of a place and day stands, as it would had the rows come one by one.
    const good = new Map(
      input.rows.filter((row) => !turned.includes(row)).map(({ row }) => [`${row.place} ${row.fromDay}`, given(row)]),
    );
    if (good.size === 0) return { taken: 0, known: 0, faults };
    const { stored } = await storeRegions(tx, [...good.values()]);
    return { taken: stored, known: input.rows.length - turned.length - stored, faults };
  },
);

export const letterColumns = {
  counterpart: textColumn(both("来函单位", "From"), { max: 100, example: "某市疾控中心" }),
  reference: textColumn(both("函号", "Reference"), { max: 100, example: "协查〔2022〕15号" }),
  ...traveller,
};

/** One letter for each office and reference of the table, with its people in the order of the rows. */
export const takeLetters = useCase(
  { name: "inbound.importLetters", permission: "inbound.letter.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof letterColumns>[] }): Promise<Taken> => {
    const { good, faults } = await checked(tx, input.rows);
    const letters = new Map<string, typeof good>();
    for (const row of good) {
      const key = `${row.row.counterpart}\n${row.row.reference}`;
      letters.set(key, [...(letters.get(key) ?? []), row]);
    }
    let known = 0;
    for (const rows of letters.values()) {
      const [first] = rows;
      if (first === undefined) continue;
      const { counterpart, reference } = first.row;
      const people = rows.map(({ row: { counterpart: _from, reference: _no, idKind, ...row } }) => ({
        ...given(row),
        ...(idKind === "residentId" || idKind === "passport" || idKind === "other" ? { idKind } : {}),
      }));
      const areaCode = tx.actor.areaCode === "" ? (await currentOutbreak(tx)).areaCode : tx.actor.areaCode;
      const stored = await storeLetter(tx, { direction: "in", areaCode, counterpart, reference, people });
      if (stored.known) known += rows.length;
    }
    return { taken: good.length - known, known, faults };
  },
);

const kindWords: Readonly<Record<(typeof checkpointKinds)[number], Both>> = {
  road: both("公路", "road"),
  station: both("车站", "station"),
  airport: both("机场", "airport"),
};

export const checkpointColumns = {
  code: textColumn(both("编号", "Code"), { max: 100, example: "KK-01" }),
  areaCode: areaColumn(both("区划代码", "Area code"), { example: "371721" }),
  name: textColumn(both("名称", "Name"), { max: 100, example: "日兰高速曹县北卡口" }),
  road: textColumn(both("道路", "Road"), { max: 100, example: "G1511" }),
  kind: choiceColumn(both("类别", "Kind"), kindWords),
  ...positionColumns,
};
const elsewhere = both("该编号已用于其他区划的卡口", "the code belongs to a checkpoint of another area");

/** Checkpoints by their code: new ones are opened, known ones moved to where the table says. spec: INB-12 */
export const takeCheckpoints = useCase(
  { name: "inbound.importCheckpoints", permission: "inbound.pass.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof checkpointColumns>[] }): Promise<Taken> => {
    const areas = await areasByCode(tx, [...new Set(input.rows.map(({ row }) => row.areaCode))]);
    const { good, faults } = placedRows(input.rows, tx.lang);
    let taken = 0;
    let known = 0;
    for (const { line, row } of good) {
      const { lat, lon, ...facts } = row;
      const position = givenPosition({ lat, lon });
      const there = await checkpointByCode(tx, facts.code);
      if (!areas.has(facts.areaCode)) faults.push(rowFault(checkpointColumns.areaCode, line, unknownArea, tx.lang));
      else if (there !== undefined) {
        if (position.lat !== undefined) await placeCheckpoint(tx, there.id, position);
        known += 1;
      } else if (await insertCheckpoint(tx, tx.newId(), { ...facts, ...position })) taken += 1;
      else faults.push(rowFault(checkpointColumns.code, line, elsewhere, tx.lang));
    }
    return { taken, known, faults };
  },
);

export const loopColumns = {
  areaCode: areaColumn(both("区划代码", "Area code")),
  post: textColumn(both("岗位编号", "Post"), { max: 100, example: "COLD-01" }),
  name: textColumn(both("岗位名称", "Post name"), { max: 100, example: "某冷库一线" }),
  trade: textColumn(both("行业", "Trade"), { max: 60, example: "coldChain" }),
  personId: textColumn(both("人员编号", "Person"), { max: 20, example: "1001" }),
  ...positionColumns,
};
const unknownTrade = both("方案没有这个行业", "the protocol has no such trade");
const unknownPerson = both("基础库中没有此人", "nobody of the register");

/** Posts are made as they are named; each row puts one person on one. */
export const takeLoop = useCase(
  { name: "inbound.importPosts", permission: "inbound.post.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof loopColumns>[] }): Promise<Taken> => {
    const { trades } = inboundRules(await currentOutbreak(tx));
    const areas = await areasByCode(tx, [...new Set(input.rows.map(({ row }) => row.areaCode))]);
    const ids = input.rows.map(({ row }) => Number(row.personId)).filter(Number.isSafeInteger);
    const people = new Set((await personCards(tx, ids)).map((card) => card.id));
    const { good, faults } = placedRows(input.rows, tx.lang);
    let taken = 0;
    let known = 0;
    for (const { line, row } of good) {
      const fault = (of: (typeof loopColumns)["areaCode" | "trade" | "personId"], text: Both): number =>
        faults.push(rowFault(of, line, text, tx.lang));
      const trade = trades.find(
        ({ id, name }) => id === row.trade || name["zh-CN"] === row.trade || name.en === row.trade,
      );
      if (!areas.has(row.areaCode)) fault(loopColumns.areaCode, unknownArea);
      else if (trade === undefined) fault(loopColumns.trade, unknownTrade);
      else if (!people.has(Number(row.personId))) fault(loopColumns.personId, unknownPerson);
      else {
        const { areaCode, post: code, name } = row;
        const position = givenPosition(row);
        const there = await findPost(tx, { code });
        if (there !== undefined && position.lat !== undefined) await placePost(tx, there.id, position);
        const post = there ?? (await madePost(tx, { areaCode, code, name, trade: trade.id, ...position }));
        if ((await join(tx, post, [Number(row.personId)])) === 1) taken += 1;
        else known += 1;
      }
    }
    return { taken, known, faults };
  },
);

async function madePost(tx: Tx, of: NewPost) {
  const { id } = await storePost(tx, of);
  const post = await findPost(tx, { id });
  if (post === undefined) throw new ProblemError("record.notFound", { what: "post" });
  return post;
}
