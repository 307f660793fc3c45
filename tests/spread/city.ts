import { prngOf } from "#kernel/prng";
import { listContacts, chains, contactPerson, identifyContacts } from "#modules/tracing";
import { listCases, registerCase } from "#modules/cases";
import { openOutbreak } from "#modules/outbreaks";
import { findPersonByIdentity, getPerson, listPeople, peopleCount, registerPeople } from "#modules/people";
import {
  coverage,
  getTube,
  handOverBoxes,
  listTubes,
  notSampled,
  openRound,
  receiveBoxes,
  recordAbsences,
  recordLostTubes,
  registerLabs,
  registerSites,
  reportResults,
  resultsOf,
  roundProgress,
  sampleOnce,
  sealBox,
  stageBalance,
  untestedIn,
  uploadTubes,
} from "#modules/screening";
import {
  closeOverDays,
  coPresence,
  everybodyMet,
  PersonSet,
  recordVisits,
  registerVenues,
  sealClosedDays,
  venueUse,
  visitsOfPerson,
} from "#modules/venues";
import type { Ctx, Tx } from "#platform/context";
import type { TestClock } from "#platform/testing";
import { runDuty } from "#platform/usecase";

/**
 * A small city, loaded and asked through the use cases alone, so that it can be loaded into any database: what two of
 * them answer must be the same to the last field.
 */

export interface City {
  readonly clock: TestClock;
  /** A context of the city's own; every database's draws the same ids. */
  ctx(options?: { readonly reason?: string; readonly areaCode?: string; readonly name?: string }): Ctx;
}

/** The same random numbers for every database that is to be compared. */
export function cityOf(world: City): City {
  const prng = prngOf(1, "city");
  return { clock: world.clock, ctx: (options = {}) => ({ ...world.ctx(options), prng }) };
}

export interface Loaded {
  readonly roundId: string;
  readonly caseId: string;
  readonly people: readonly number[];
  /** What each step of the loading answered. */
  readonly said: Readonly<Record<string, unknown>>;
}

const villages = ["371721123201", "371702001201"] as const;
const perVillage = 9;
const perHousehold = 3;
const identity = "11010519491231002x";
const firstDay = "2022-07-24";
const secondDay = "2022-07-25";
export const window = { from: "2022-07-24T00:00:00.000Z", to: "2022-07-26T00:00:00.000Z" };

async function inTx<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return runDuty(ctx, work);
}

async function loadPeople({ ctx }: City): Promise<number[]> {
  const rows = villages.flatMap((areaCode) =>
    Array.from({ length: perVillage }, (_, i) => ({
      ref: `${areaCode}-${i}`,
      areaCode,
      name: `人${i}`,
      household: `${areaCode}-${Math.floor(i / perHousehold)}`,
      ...(areaCode === villages[0] && i === 0 ? { idNumber: identity } : {}),
    })),
  );
  const ids = await inTx(ctx(), (tx) => registerPeople(tx, { register: "population", people: rows }));
  // A second register knows one of them by identity and one by its own number, and brings a new one.
  const again = [
    { ref: "a", areaCode: villages[0], name: "人0", idNumber: identity, occupation: "driver" },
    { ref: "b", areaCode: villages[1], name: "新人" },
  ];
  const known = await inTx(ctx(), (tx) => registerPeople(tx, { register: "trade", people: again }));
  const merged = await inTx(ctx(), (tx) => registerPeople(tx, { register: "trade", people: again }));
  return [...ids, ...known, ...merged];
}

async function loadVisits({ ctx, clock }: City, people: readonly number[]): Promise<unknown[]> {
  await registerVenues(ctx(), {
    areaCode: "3717",
    venues: ["R1", "S1", "S2"].map((code, i) => ({
      code,
      areaCode: villages[i % 2] ?? "",
      kind: i === 0 ? "restaurant" : "shop",
      name: code,
    })),
  });
  const visit = (venueCode: string, i: number, at: string, until?: string) => ({
    venueCode,
    personId: people[i] ?? 0,
    at: `${at}.000Z`,
    ...(until === undefined ? {} : { until: `${until}.000Z` }),
  });
  const said: unknown[] = [];
  clock.set(`${firstDay}T14:00:00.000Z`);
  said.push(
    await recordVisits(ctx(), {
      visits: [
        visit("R1", 0, `${firstDay}T04:00:00`, `${firstDay}T05:00:00`),
        visit("R1", 4, `${firstDay}T04:20:00`),
        visit("R1", 10, `${firstDay}T04:50:00`),
        visit("S1", 4, `${firstDay}T08:00:00`),
        visit("S1", 12, `${firstDay}T08:10:00`),
        visit("S9", 1, `${firstDay}T08:10:00`),
      ],
    }),
  );
  // The first day is closed and packed the next morning; a late visit and a repeat of a packed one come after it.
  clock.set(`${secondDay}T10:00:00.000Z`);
  await runDuty(ctx(), closeOverDays);
  await runDuty(ctx(), sealClosedDays);
  const second = [
    visit("R1", 0, `${secondDay}T04:00:00`, `${secondDay}T05:00:00`),
    visit("R1", 7, `${secondDay}T04:10:00`),
    visit("S2", 13, `${secondDay}T06:00:00`),
    visit("R1", 11, `${firstDay}T04:30:00`),
    visit("R1", 4, `${firstDay}T04:20:00`),
  ];
  said.push(await recordVisits(ctx(), { visits: second }));
  said.push(await recordVisits(ctx(), { visits: [...second, visit("S2", 0, `${secondDay}T06:10:00`)] }));
  return said;
}

async function loadRound(
  { ctx, clock }: City,
  people: readonly number[],
): Promise<{ roundId: string; said: unknown[] }> {
  clock.set(`${secondDay}T11:00:00.000Z`);
  const sites = await registerSites(ctx(), {
    areaCode: "3717",
    sites: [{ code: "S1", areaCode: villages[0], name: "第一采样点", tables: 3 }],
  });
  const labs = await registerLabs(ctx(), {
    areaCode: "3717",
    labs: [{ code: "L1", areaCode: "3717", name: "市疾控", capacityTubesDay: 10_000 }],
  });
  const [siteId, labId] = [sites["S1"] ?? "", labs["L1"] ?? ""];
  const { roundId } = await openRound(ctx(), { areaCode: "3717", areaType: "urban" });
  const tube = (barcode: string, members: readonly number[]) => ({
    barcode,
    kind: "pool" as const,
    personIds: members.map((i) => people[i] ?? 0),
    at: clock.now(),
  });
  const said: unknown[] = [];
  said.push(
    await recordAbsences(ctx(), {
      roundId,
      people: [1, 2, 17].map((i) => ({ personId: people[i] ?? 0, reason: i === 17 ? "refused" : "away" })),
    }),
  );
  const upload = {
    roundId,
    siteId,
    box: "B1",
    tubes: [tube("T1", [0, 1, 3, 4]), tube("T2", [9, 10, 11]), tube("T3", [5, 6])],
  };
  said.push(await uploadTubes(ctx(), upload));
  // Sent again with one more tube that names somebody unknown and somebody who is in a tube already.
  said.push(
    await uploadTubes(ctx(), {
      ...upload,
      tubes: [...upload.tubes, { ...tube("T4", [4]), personIds: [people[4] ?? 0, 999_999] }, tube("T5", [12, 13])],
    }),
  );
  said.push(await recordLostTubes(ctx(), { barcodes: ["T3"], note: "lost" }));
  await sealBox(ctx(), { siteId, code: "B1", seal: "x" });
  said.push(await handOverBoxes(ctx(), { siteId, courier: "driver", boxes: [{ code: "B1" }] }));
  clock.forward(60);
  said.push(
    await receiveBoxes(ctx({ name: "receiver" }), { labId, courier: "driver", boxes: [{ code: "B1", counted: 3 }] }),
  );
  const results = (rows: readonly [string, "negative" | "positive" | "invalid"][]) =>
    reportResults(ctx(), {
      labId,
      results: rows.map(([barcode, result]) => ({ barcode, result, ctN: 28, ctOrf: 29 })),
    });
  said.push(
    await results([
      ["T1", "positive"],
      ["T2", "negative"],
      ["T5", "invalid"],
    ]),
  );
  clock.forward(60);
  said.push(
    await results([
      ["T5", "negative"],
      ["T1", "positive"],
    ]),
  );
  return { roundId, said };
}

/** Loads the city. */
export async function load(world: City): Promise<Loaded> {
  const { ctx, clock } = world;
  clock.set(`${firstDay}T00:00:00.000Z`);
  await openOutbreak(ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const people = await loadPeople(world);
  const visits = await loadVisits(world, people);
  const round = await loadRound(world, people);
  const { caseId } = await registerCase(ctx(), { personId: people[0] ?? 0, provenance: "community", source: "clinic" });
  const found = await identifyContacts(ctx(), { caseId });
  return { roundId: round.roundId, caseId, people, said: { visits, round: round.said, found } };
}

/** What the hot paths and the lists beside them answer. */
export async function answers({ ctx }: City, { roundId, caseId, people }: Loaded): Promise<Record<string, unknown>> {
  const why = { reason: "调查" };
  const personId = people[0] ?? 0;
  const tubes = await listTubes(ctx(), { roundId });
  const met = await inTx(ctx(), async (tx) => [
    ...(await everybodyMet(tx, PersonSet.of(people.slice(0, 6)), { ...window, gapMinutes: 30 })).values(),
  ]);
  return {
    people,
    card: await getPerson(ctx(why), { id: personId }),
    byIdentity: await findPersonByIdentity(ctx(why), { idKind: "residentId", idNumber: identity }),
    county: await listPeople(ctx({ ...why, areaCode: "371721" }), {}),
    counted: await inTx(ctx(), (tx) => peopleCount(tx, "3717")),
    visits: await visitsOfPerson(ctx(why), { personId, ...window }),
    coPresence: await coPresence(ctx(why), { personId, ...window, gapMinutes: 30 }),
    met,
    venueUse: await inTx(ctx(), (tx) =>
      venueUse(tx, { areaCode: "3717", from: firstDay, to: secondDay, codeLength: 6 }),
    ),
    coverage: await coverage(ctx(), { roundId }),
    progress: await roundProgress(ctx(), { roundId }),
    notSampled: await notSampled(ctx(why), { roundId }),
    untested: await inTx(ctx(), (tx) => untestedIn(tx, roundId, "3717")),
    tubes,
    members: await Promise.all(tubes.items.map((tube) => getTube(ctx(why), { id: tube.id }))),
    results: await inTx(ctx(), (tx) => resultsOf(tx, people, window.from)),
    balance: await inTx(ctx(), stageBalance),
    sampledOnce: await inTx(ctx(), (tx) => sampleOnce(tx, window.from)),
    cases: await listCases(ctx(), {}),
    contacts: await listContacts(ctx(), {}),
    contact: await contactOf(ctx(why), caseId),
    chains: await chains(ctx(), {}),
  };
}

async function contactOf(ctx: Ctx, caseId: string): Promise<unknown> {
  const { items } = await listContacts(ctx, { caseId });
  const [first] = items;
  return first ? contactPerson(ctx, { contactId: first.id }) : null;
}
