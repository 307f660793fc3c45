import { areasByCode, areasBelow } from "#modules/areas";
import { caseCurve } from "#modules/cases";
import { siteFigures, type SiteFigures } from "#modules/isolation";
import type { Outbreak } from "#modules/outbreaks";
import { arrowTexts, curveSpan, type Both, type SitrepDay, type SitrepMark, type SitrepRound } from "#modules/reports";
import { adviceFor, roundFigures, type RoundFigures } from "#modules/screening";
import { overdueSummary, type OverdueRow } from "#modules/tasks";
import { zonesOnBoard, type ZoneOnBoard } from "#modules/zones";
import { addHours, dayOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { BoardPhase, LoopClock } from "./board.model.ts";
import { arrowTeams, proposalsOf, type AgendaFacts } from "./agenda.rules.ts";
import { clockWindowHours } from "./command.rules.ts";
import type { Agenda, Proposal } from "./command.model.ts";
import { loopClocks } from "./clocks.service.ts";
import { phaseEntries, realDays } from "./command.store.ts";
import { phaseLadder } from "./phases.service.ts";

/** Everything a briefing and its report look at besides the frozen figures. */
export interface Situation {
  readonly outbreak: Outbreak;
  readonly counties: readonly { readonly code: string; readonly name: Both }[];
  readonly names: ReadonlyMap<string, Both>;
  readonly curve: readonly SitrepDay[];
  readonly marks: readonly SitrepMark[];
  readonly rounds: readonly SitrepRound[];
  readonly newestRound: RoundFigures | undefined;
  readonly clocks: readonly LoopClock[];
  readonly sites: readonly SiteFigures[];
  readonly zones: readonly ZoneOnBoard[];
  readonly late: readonly OverdueRow[];
  readonly ladder: readonly BoardPhase[];
}

/** Rounds and rows of late tasks a report lists; the figures count all of them. */
const roundsShown = 7;
const lateRowsMax = 200;

/** Names in both languages of areas by code; an unknown code names itself. */
export async function bothNames(tx: Tx, codes: readonly string[]): Promise<Map<string, Both>> {
  const areas = await areasByCode(tx, codes);
  return new Map(
    codes.map((code) => [code, { "zh-CN": areas.get(code)?.name ?? code, en: areas.get(code)?.nameEn ?? code }]),
  );
}

/** The curve of an area from the first day with anything to today, with the real series where there is one. */
export async function curveOf(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<SitrepDay[]> {
  const curve = await caseCurve(tx, areaCode);
  // The real outbreak's series is the city's; a county's curve stands alone.
  const real = areaCode.length <= outbreak.areaCode.length ? await realDays(tx, outbreak.id) : [];
  const start = dayOf(outbreak.firstPositiveAt ?? outbreak.openedAt, outbreak.timeZone);
  return curveSpan({ days: curve.days, real, from: start, to: dayOf(tx.now, outbreak.timeZone) });
}

/** Turning points that are drawn on the curve: phases entered, and the first area round. */
async function marksOf(tx: Tx, outbreak: Outbreak, rounds: readonly RoundFigures[]): Promise<SitrepMark[]> {
  const marks: SitrepMark[] = [];
  for (const { phase, enteredAt } of await phaseEntries(tx, outbreak.id)) {
    const label = outbreak.protocol.phases.find((row) => row.phase === phase)?.name;
    if (label) marks.push({ day: dayOf(enteredAt, outbreak.timeZone), label });
  }
  const first = rounds.at(-1);
  if (first !== undefined && first.no === 1)
    marks.push({
      day: dayOf(first.openedAt, outbreak.timeZone),
      label: { "zh-CN": "首轮区域核酸", en: "First area round" },
    });
  return marks.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

/** Rounds an outbreak may reasonably have; the first of them stands on the curve. */
const roundsMax = 400;

/** Gathers the situation of the running outbreak for a briefing; reads only. */
export async function situation(tx: Tx, outbreak: Outbreak): Promise<Situation> {
  const areaCode = outbreak.areaCode;
  const counties = await areasBelow(tx, areaCode, "county");
  const rounds = await roundFigures(tx, { outbreakId: outbreak.id, areaCode, limit: roundsMax });
  const zones = await zonesOnBoard(tx, outbreak, areaCode);
  const late = await overdueSummary(tx, areaCode, lateRowsMax);
  const shown = rounds.slice(0, roundsShown);
  const codes = [
    areaCode,
    ...shown.map((round) => round.areaCode),
    ...zones.map((zone) => zone.areaCode),
    ...zones.map((zone) => zone.areaCode.slice(0, 6)),
    ...late.map((row) => row.areaCode),
  ];
  const names = await bothNames(tx, codes);
  return {
    outbreak,
    counties: counties.map((county) => ({ code: county.code, name: { "zh-CN": county.name, en: county.nameEn } })),
    names,
    curve: await curveOf(tx, outbreak, areaCode),
    marks: await marksOf(tx, outbreak, rounds),
    rounds: shown.map((round) => ({ ...round, areaName: nameIn(names, round.areaCode) })),
    newestRound: rounds[0],
    clocks: await loopClocks(tx, outbreak, { areaCode, since: addHours(tx.now, -clockWindowHours) }),
    sites: await siteFigures(tx, areaCode),
    zones,
    late,
    ladder: await phaseLadder(tx, outbreak),
  };
}

/** The name of an area that was asked for. */
export function nameIn(names: ReadonlyMap<string, Both>, code: string): Both {
  return names.get(code) ?? { "zh-CN": code, en: code };
}

/** Beds of the open sites of a kind. */
export function placesOf(sites: readonly SiteFigures[], kind: SiteFigures["kind"]) {
  const open = sites.filter((site) => site.kind === kind && site.state === "open");
  const sum = (part: "beds" | "inUse" | "free"): number => open.reduce((all, site) => all + site[part], 0);
  return { sites: open.length, beds: sum("beds"), inUse: sum("inUse"), free: sum("free") };
}

async function roundAdvice(tx: Tx, outbreak: Outbreak): Promise<AgendaFacts["round"]> {
  if (outbreak.protocol.rounds === null) return null;
  const advice = await adviceFor(tx, { areaCode: outbreak.areaCode });
  return {
    action: advice.action,
    rule: advice.reasons[0]?.rule ?? "",
    why: { "zh-CN": `连续清洁轮次 ${advice.cleanRounds}`, en: `${advice.cleanRounds} clean rounds in a row` },
  };
}

function lateByTeam(late: readonly OverdueRow[]): { team: string; count: number }[] {
  const teams = new Map<string, number>();
  for (const row of late) teams.set(row.team, (teams.get(row.team) ?? 0) + row.count);
  return [...teams]
    .map(([team, count]) => ({ team, count }))
    .toSorted((a, b) => b.count - a.count || (a.team < b.team ? -1 : 1));
}

function ripeByCounty(now: Situation): AgendaFacts["zonesRipe"] {
  const counties = new Map<string, number>();
  for (const zone of now.zones) {
    const county = zone.areaCode.slice(0, 6);
    if (zone.ripe) counties.set(county, (counties.get(county) ?? 0) + 1);
  }
  return [...counties]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([areaCode, count]) => ({ areaCode, areaName: nameIn(now.names, areaCode), count }));
}

/** What the rules put before the briefing. */
async function proposals(tx: Tx, now: Situation): Promise<Proposal[]> {
  const kinds = ["central", "fangcang", "hospital"] as const;
  return proposalsOf({
    areaCode: now.outbreak.areaCode,
    late: lateByTeam(now.late),
    clocks: now.clocks,
    arrowTeams,
    arrowNames: arrowTexts,
    round: await roundAdvice(tx, now.outbreak),
    zonesRipe: ripeByCounty(now),
    places: kinds.map((kind) => ({ kind, ...placesOf(now.sites, kind) })),
  });
}

/** The agenda: what is late, the clocks, the phase and what it waits for, the round, beds, zones, and what the rules propose. */
export async function agendaOf(tx: Tx, now: Situation): Promise<Agenda> {
  const round = now.newestRound;
  const lateByTeams = lateByTeam(now.late);
  const next = now.ladder.find((step) => step.enteredAt === null);
  return {
    late: { total: lateByTeams.reduce((sum, row) => sum + row.count, 0), teams: lateByTeams.length },
    clocks: [...now.clocks],
    phase: { phase: now.outbreak.phase, next: next ?? null },
    round:
      round === undefined
        ? null
        : { no: round.no, due: round.due, sampled: round.sampled, resulted: round.resulted, positive: round.positive },
    free: {
      central: placesOf(now.sites, "central").free,
      fangcang: placesOf(now.sites, "fangcang").free,
      hospital: placesOf(now.sites, "hospital").free,
    },
    zonesRipe: now.zones.filter((zone) => zone.ripe).length,
    proposals: await proposals(tx, now),
  };
}
