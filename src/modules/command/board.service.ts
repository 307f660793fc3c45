import { areasByCode, areasBelow } from "#modules/areas";
import { caseCurve, caseTotals, casesByCounty } from "#modules/cases";
import { peopleByMode, siteFigures, type SiteFigures } from "#modules/isolation";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { curveSpan } from "#modules/reports";
import { roundByCounty, roundFigures } from "#modules/screening";
import { overdueByCounty, overdueSummary } from "#modules/tasks";
import { contactTotals } from "#modules/tracing";
import { zonesOnBoard, type ZoneOnBoard } from "#modules/zones";
import { addHours, dayOf, epochMs, minutesBetween, type Instant } from "#kernel/time";
import type { Ctx, Tx } from "#platform/context";
import { wallClock } from "#platform/clocks";
import type { Database } from "#platform/db";
import { useCase } from "#platform/usecase";
import type {
  Board,
  BoardCounty,
  BoardOutbreak,
  BoardOverdue,
  BoardRooms,
  BoardRound,
  BoardSite,
  BoardTotals,
  CurveDay,
  LoopClock,
} from "./board.model.ts";
import { loopClocks } from "./clocks.service.ts";
import { keeper } from "./kept.ts";
import { clockWindowHours } from "./command.rules.ts";
import { realDays } from "./command.store.ts";
import { phaseLadder } from "./phases.service.ts";

/** The machine's own time, for the age of what is kept and for the pace of a drill; it decides nothing. */
function realMs(): number {
  return epochMs(wallClock.now());
}

interface PaceSample {
  readonly realMs: number;
  readonly virtualMs: number;
  readonly pace: number;
}
const paceWindowMs = 5_000;
const paces = new WeakMap<Database, PaceSample>();

/** Virtual minutes a real minute, measured on a drill's clock over the last seconds; 0 until it is known or while it stands. */
function paceOf(db: Database, now: Instant): number {
  const sample: PaceSample = { realMs: realMs(), virtualMs: epochMs(now), pace: 0 };
  const last = paces.get(db);
  if (last === undefined) {
    paces.set(db, sample);
    return 0;
  }
  const elapsed = sample.realMs - last.realMs;
  if (elapsed < paceWindowMs) return last.pace;
  const pace = Math.max(0, Math.round((sample.virtualMs - last.virtualMs) / elapsed));
  paces.set(db, { ...sample, pace });
  return pace;
}

const overdueOwnersMax = 50;

function outbreakPart(tx: Tx, outbreak: Outbreak, db: Database): BoardOutbreak {
  const {
    id,
    name,
    nameEn,
    areaCode,
    drill,
    phase,
    responseLevel,
    timeZone,
    protocolId,
    protocolVersion,
    firstPositiveAt,
  } = outbreak;
  return {
    id,
    name,
    nameEn,
    areaCode,
    drill,
    phase,
    responseLevel,
    timeZone,
    protocolId,
    protocolVersion,
    firstPositiveAt,
    now: tx.now,
    clockMinutes: firstPositiveAt === null ? null : Math.max(0, minutesBetween(firstPositiveAt, tx.now)),
    speed: drill ? paceOf(db, tx.now) : 1,
  };
}

async function totalsPart(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<BoardTotals> {
  const cases = await caseTotals(tx, areaCode);
  const contacts = await contactTotals(tx, { outbreakId: outbreak.id, areaCode });
  const modes = await peopleByMode(tx, areaCode);
  return {
    confirmed: cases.confirmed,
    asymptomatic: cases.asymptomatic,
    preliminary: cases.preliminary,
    inCare: cases.inCare,
    recovered: cases.recovered,
    held: cases.held,
    positiveTubesOpen: cases.positiveTubesOpen,
    closeContacts: contacts.close,
    secondaryContacts: contacts.secondary,
    inCentral: modes["central"] ?? 0,
    inHome: (modes["home"] ?? 0) + (modes["homeMonitor"] ?? 0),
  };
}

async function curvePart(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<CurveDay[]> {
  const curve = await caseCurve(tx, areaCode);
  // The real series is the whole outbreak's; beside a county's curve it would mislead.
  const real = areaCode.length <= outbreak.areaCode.length ? await realDays(tx, outbreak.id) : [];
  const from = dayOf(outbreak.firstPositiveAt ?? outbreak.openedAt, outbreak.timeZone);
  const days = curveSpan({ days: curve.days, real, from, to: dayOf(tx.now, outbreak.timeZone) });
  return days.map((day) => ({ ...day, byProvenance: { ...day.byProvenance } }));
}

async function roundPart(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<BoardRound | null> {
  const [round] = await roundFigures(tx, { outbreakId: outbreak.id, areaCode, limit: 1 });
  if (round === undefined) return null;
  const counties = await roundByCounty(tx, { roundId: round.id, areaCode });
  const areas = await areasByCode(
    tx,
    counties.map((county) => county.areaCode),
  );
  const { id, no, openedAt, state, due, sampled, excused, inTransit, received, resulted, positive } = round;
  return {
    id,
    no,
    areaCode: round.areaCode,
    openedAt,
    // A round to which the protocol gives no clock is never late.
    dueAt: round.dueAt ?? round.closedAt ?? tx.now,
    state,
    due,
    sampled,
    excused,
    inTransit,
    received,
    resulted,
    positive,
    byCounty: counties.map((county) => ({
      ...county,
      name: areas.get(county.areaCode)?.name ?? county.areaCode,
      nameEn: areas.get(county.areaCode)?.nameEn ?? county.areaCode,
    })),
  };
}

function roomsPart(sites: readonly SiteFigures[]): BoardRooms {
  const ofKind = (kind: SiteFigures["kind"]): readonly SiteFigures[] =>
    sites.filter((site) => site.kind === kind && site.state === "open");
  const sum = (list: readonly SiteFigures[], part: "rooms" | "beds" | "inUse" | "free"): number =>
    list.reduce((all, site) => all + site[part], 0);
  const [central, fangcang, hospital] = [ofKind("central"), ofKind("fangcang"), ofKind("hospital")];
  return {
    central: {
      sites: central.length,
      rooms: sum(central, "rooms"),
      beds: sum(central, "beds"),
      inUse: sum(central, "inUse"),
      free: sum(central, "free"),
    },
    fangcang: {
      beds: sum(fangcang, "beds"),
      inUse: sum(fangcang, "inUse"),
      free: sum(fangcang, "free"),
      phases: sites
        .filter((site) => site.kind === "fangcang")
        .map((site) => ({
          siteId: site.id,
          phase: site.phase ?? 1,
          state: site.state,
          beds: site.beds,
          inUse: site.inUse,
        })),
    },
    hospital: {
      sites: hospital.length,
      beds: sum(hospital, "beds"),
      inUse: sum(hospital, "inUse"),
      free: sum(hospital, "free"),
    },
  };
}

function sitesPart(sites: readonly SiteFigures[]): BoardSite[] {
  return sites
    .filter((site) => site.state === "open")
    .map(({ id, kind, name, lat, lon, beds, inUse }) => ({ id, kind, name, lat, lon, capacity: beds, inUse }));
}

async function overduePart(tx: Tx, areaCode: string, total: number): Promise<BoardOverdue> {
  const rows = await overdueSummary(tx, areaCode, overdueOwnersMax);
  const areas = await areasByCode(
    tx,
    rows.map((row) => row.areaCode),
  );
  return {
    total,
    byOwner: rows.map((row) => {
      const area = areas.get(row.areaCode);
      return { ...row, areaName: (tx.lang === "en" ? area?.nameEn : area?.name) ?? row.areaCode };
    }),
  };
}

async function countiesPart(
  tx: Tx,
  outbreak: Outbreak,
  areaCode: string,
  zones: readonly ZoneOnBoard[],
  overdue: readonly { areaCode: string; count: number }[],
): Promise<BoardCounty[]> {
  const today = dayOf(tx.now, outbreak.timeZone);
  const counties = await areasBelow(tx, areaCode.slice(0, 6), "county");
  const cases = new Map(
    (await casesByCounty(tx, { outbreakId: outbreak.id, areaCode, timeZone: outbreak.timeZone, today })).map((row) => [
      row.areaCode,
      row,
    ]),
  );
  const late = new Map(overdue.map((row) => [row.areaCode, row.count]));
  const zonesOf = (code: string, level: string): number =>
    zones.filter((zone) => zone.level === level && zone.areaCode.startsWith(code)).length;
  return counties.map((county) => ({
    code: county.code,
    name: county.name,
    nameEn: county.nameEn,
    lat: county.lat,
    lon: county.lon,
    cases: cases.get(county.code)?.cases ?? 0,
    newToday: cases.get(county.code)?.newToday ?? 0,
    zonesHigh: zonesOf(county.code, "high"),
    zonesMedium: zonesOf(county.code, "medium"),
    overdue: late.get(county.code) ?? 0,
  }));
}

/** The reader's area, never wider than the outbreak's. */
export function areaOf(tx: Tx, outbreak: Outbreak): string {
  return tx.actor.areaCode.length > outbreak.areaCode.length ? tx.actor.areaCode : outbreak.areaCode;
}

async function makeBoard(tx: Tx, db: Database, loop: LoopClock[]): Promise<Board> {
  const outbreak = await currentOutbreak(tx);
  const areaCode = areaOf(tx, outbreak);
  const zones = await zonesOnBoard(tx, outbreak, areaCode);
  const sites = await siteFigures(tx, areaCode);
  const overdue = await overdueByCounty(tx, areaCode);
  return {
    outbreak: outbreakPart(tx, outbreak, db),
    totals: await totalsPart(tx, outbreak, areaCode),
    curve: { days: await curvePart(tx, outbreak, areaCode) },
    loop,
    round: await roundPart(tx, outbreak, areaCode),
    rooms: roomsPart(sites),
    zones: zones.map(({ ripe: _ripe, ...zone }) => zone),
    sites: sitesPart(sites),
    overdue: await overduePart(
      tx,
      areaCode,
      overdue.reduce((sum, row) => sum + row.count, 0),
    ),
    phases: await phaseLadder(tx, outbreak),
    counties: await countiesPart(tx, outbreak, areaCode, zones, overdue),
  };
}

const keptBoard = keeper<Board>({ ageMs: 1_000, ageOfMaking: 0, staleMs: 0 });
/** The clocks read every tube of the last day, near a million in a large city, so nobody waits for them but the first. */
const keptClocks = keeper<LoopClock[]>({ ageMs: 10_000, ageOfMaking: 10, staleMs: 300_000 });

const readClocks = useCase(
  { name: "command.boardClocks", permission: "command.board.read", kind: "read" },
  async (tx): Promise<LoopClock[]> => {
    const outbreak = await currentOutbreak(tx);
    return loopClocks(tx, outbreak, { areaCode: areaOf(tx, outbreak), since: addHours(tx.now, -clockWindowHours) });
  },
);

const readBoard = useCase(
  { name: "command.board", permission: "command.board.read", kind: "read" },
  (tx, input: { db: Database; loop: LoopClock[] }): Promise<Board> => makeBoard(tx, input.db, input.loop),
);

/** What the first page shows, for the reader's own area; at most a second old, its clocks some minutes. spec: CMD-9 */
export async function liveBoard(ctx: Ctx): Promise<Board> {
  const { db } = ctx;
  // Without the permission the use case itself refuses, and nothing kept is given away.
  if (!ctx.actor.permissions.has(readBoard.def.permission)) return readBoard(ctx, { db, loop: [] });
  const loop = await keptClocks(db, ctx.actor.areaCode, () => readClocks(ctx, {}));
  return keptBoard(db, `${ctx.actor.areaCode} ${ctx.lang}`, () => readBoard(ctx, { db, loop }));
}

/** The permission of the live board, for its route. */
export const boardPermission = readBoard.def.permission;
