import type { EventInput } from "#platform/events";
import { startOutbreak, module as outbreaks } from "#modules/outbreaks";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as people } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import type { Ctx } from "#platform/context";
import type { ModuleDef } from "#platform/module";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import {
  allocate,
  arrive,
  checkSite,
  depart,
  finishConversion,
  nameDuties,
  orderConversion,
  requestTransfer,
  siteRecord,
} from "./index.ts";
import { module } from "./isolation.module.ts";

/** A county with people, an open outbreak and the module's neighbours, for the tests of this folder. */

export const emitEvent = useCase(
  { name: "probe.emit", permission: "probe.emit", kind: "write" },
  async (tx, event: EventInput) => {
    await tx.emit(event);
  },
);
const open = useCase({ name: "probe.open", permission: "probe.emit", kind: "write" }, (tx, _input: undefined) =>
  startOutbreak(tx, {
    name: "测试",
    nameEn: "test",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
    drill: true,
  }),
);

export interface HeardEvent {
  readonly name: string;
  readonly data: {
    readonly orders?: readonly { orderId: string; personId: number; mode: string }[];
    readonly personIds?: readonly number[];
    readonly tests?: readonly object[];
  };
}

const probe: ModuleDef = { name: "probe", permissions: ["probe.emit"], register: () => undefined, routes: [] };

/** 08:00 in Heze. */
export const start = "2022-07-25T00:00:00.000Z";

export interface IsolationWorld extends TestWorld {
  readonly outbreakId: string;
}

export async function isolationWorld(): Promise<IsolationWorld> {
  const world = await testWorld({ modules: [areas, outbreaks, people, tasks, cases, module, probe], at: start });
  const outbreak = await open(world.ctx(), undefined);
  return { ...world, outbreakId: outbreak.id };
}

/** Stores people; ids are those given. */
export async function addPeople(
  world: TestWorld,
  people: readonly { id: number; area?: string; household?: number; birth?: string }[],
): Promise<void> {
  await world.sql.run(
    `insert into person (id, area_code, household_id, name, sex, birth_date, register, registered_at)
     select id, area, household, 'P' || id, 'unknown', birth, 'test', '2022-07-01' from jsonb_to_recordset($1::jsonb)
       as p (id bigint, area text, household bigint, birth date)`,
    [JSON.stringify(people.map((p) => ({ area: "371721101001", birth: "1982-01-01", ...p })))],
  );
}

/** A contact's id made from the person's, so that tests can name it. */
export function contactId(personId: number): string {
  return `00000000-0000-7000-8000-${String(personId).padStart(12, "0")}`;
}

export function identified(
  people: readonly {
    id: number;
    kind?: string;
    exposed?: string;
    linked?: number;
    dueAt?: string;
    contact?: string;
    area?: string;
  }[],
): EventInput {
  return {
    name: "tracing.contactsIdentified",
    areaCode: "371721",
    subjectType: "case",
    subjectId: "case",
    data: {
      caseId: contactId(0),
      contacts: people.map((p) => ({
        contactId: p.contact ?? contactId(p.id),
        personId: p.id,
        kind: p.kind ?? "close",
        lastExposureAt: p.exposed ?? "2022-07-24T04:00:00.000Z",
        areaCode: p.area ?? "371721101001",
        dueAt: p.dueAt ?? null,
        linkedContactId: p.linked === undefined ? null : contactId(p.linked),
      })),
    },
  };
}

/** Sends an event as the module that owns it would. */
export async function send(ctx: Ctx, event: EventInput): Promise<HeardEvent[]> {
  const heard: HeardEvent[] = [];
  await emitEvent({ ...ctx, tap: (events) => heard.push(...(events as unknown as HeardEvent[])) }, event);
  return heard;
}

/** One tube a person, all with the same result. */
export function results(
  personIds: readonly number[],
  result: string,
  collectedAt: string,
  firstTube = 1,
  ct: number | null = null,
): EventInput {
  return {
    name: "screening.resultsRecorded",
    areaCode: "3717",
    subjectType: "tube",
    subjectId: "1",
    data: {
      tubes: personIds.map((personId, i) => ({
        tubeId: firstTube + i,
        barcode: `T${firstTube + i}`,
        kind: "single",
        purpose: "quarantine",
        recheckOf: null,
        roundId: contactId(0),
        result,
        step: "final",
        personIds: [personId],
        ctN: ct,
        ctOrf: ct,
        collectedAt,
        resultedAt: collectedAt,
      })),
    },
  };
}

export const central = {
  kind: "central" as const,
  areaCode: "371721101",
  name: "隔离点一",
  rooms: { single: 4, family: 2, accessible: 1, roomsPerFloor: 4, clean: 2, buffer: 1 },
};
export const hospital = {
  kind: "hospital" as const,
  areaCode: "371721101",
  name: "定点医院",
  rooms: { ward: 2, bedsPerWard: 3 },
};

/** Every order as one line: person, plan, mode, state. */
export async function orderStates(world: TestWorld): Promise<string[]> {
  const rows = await world.sql.many<{ line: string }>(
    "select person_id || ' ' || plan_class || ' ' || mode || ' ' || state as line from isolation_order order by person_id, ended_at nulls last, ordered_at",
  );
  return rows.map((row) => row.line);
}

/** Identifies, allocates, fetches: all people are in their rooms afterwards. */
export async function place(world: TestWorld, ids: readonly number[]): Promise<void> {
  await send(world.ctx(), identified(ids.map((id) => ({ id }))));
  await allocate(world.ctx(), {});
  const { transfers } = await requestTransfer(world.ctx(), {});
  const transferIds = transfers.map((trip) => trip.transferId);
  await depart(world.ctx(), { transferIds });
  await arrive(world.ctx(), { transferIds });
}

/** Answers every item of the list with yes, as another person than the builder. */
export async function checkAll(world: TestWorld, siteId: string): Promise<void> {
  const { checks } = await siteRecord(world.ctx(), { siteId });
  await checkSite(world.ctx({ name: "checker" }), {
    siteId,
    items: checks.map(({ item }) => ({ item, met: true })),
  });
}

/** Brings a planned site to where it may open: converted, checked, with its leader and its officer. */
export async function makeReady(world: TestWorld, siteId: string): Promise<void> {
  await orderConversion(world.ctx(), { siteId });
  await finishConversion(world.ctx(), { siteId });
  await checkAll(world, siteId);
  await nameDuties(world.ctx(), {
    duties: [
      { siteId, role: "countyLeader", name: "甲", phone: "1001" },
      { siteId, role: "disciplineOfficer", name: "乙", phone: "1002" },
    ],
  });
}
