import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { EventInput } from "#platform/events";
import type { ModuleDef } from "#platform/module";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import type { Freeze } from "./figures.model.ts";
import { computeFigures, currentFigures, figuresReconcile, freezeChanges, freezeFigures, module } from "./index.ts";

const probe: ModuleDef = { name: "probe", permissions: ["probe.emit"], register: () => undefined, routes: [] };

/** Changes records as another module's store would, and tells of it in the same transaction. */
const happen = useCase(
  { name: "probe.happen", permission: "probe.emit", kind: "write" },
  async (tx, input: { sql: string; params: unknown[]; event: EventInput }) => {
    await tx.sql.run(input.sql, input.params);
    await tx.emit(input.event);
  },
);

/** Holds its transaction open after the record and the ledger line are written, as a slow client does. */
const happenSlowly = useCase(
  { name: "probe.happenSlowly", permission: "probe.emit", kind: "write" },
  async (tx, input: { sql: string; params: unknown[]; event: EventInput }) => {
    await tx.sql.run(input.sql, input.params);
    await tx.emit(input.event);
    await tx.sql.run("select pg_sleep(0.4)");
  },
);

const cao = "371721102201";
const mudan = "371702001001";

describe("figures on the real database", () => {
  let world: TestWorld;
  let outbreakId: string;
  let people = 0;

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => runDuty(world.ctx(), work);

  const event = (name: string, area: string, data: object): EventInput => ({
    name,
    outbreakId,
    areaCode: area,
    subjectType: "probe",
    subjectId: "1",
    data,
  });

  async function newCase(n: number, area: string, state: string, provenance: string): Promise<string> {
    const id = `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
    await happen(world.ctx(), {
      sql: `insert into case_record (id, outbreak_id, person_id, area_code, state, provenance, in_community, source, positive_at,
              diagnosed_at, outcome, protocol_version, created_at)
            values ($1, $2, $3, $4, $5, $6, true, 'clinic', $7, $7, 'inCare', '9', $7)`,
      params: [id, outbreakId, ++people, area, state, provenance, world.clock.now()],
      event: event("cases.diagnosed", area, { caseId: id }),
    });
    return id;
  }

  const freeze = (slot: string, cutoff = world.clock.now()): Promise<Freeze> =>
    inTx((tx) => freezeFigures(tx, { slot, cutoff }));
  const figure = (frozen: Freeze, name: string, area = ""): number =>
    frozen.figures
      .filter((row) => row.figure === name && row.areaCode.startsWith(area))
      .reduce((sum, row) => sum + row.value, 0);

  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module, probe], at: "2022-07-24T00:30:00.000Z" });
    const outbreak = await inTx((tx) =>
      startOutbreak(tx, {
        name: "测试",
        nameEn: "test",
        areaCode: "3717",
        timeZone: "Asia/Shanghai",
        protocolId: "covid-19.cn-9",
      }),
    );
    outbreakId = outbreak.id;
  });
  afterAll(() => world.close());

  it("FIG-1: an event writes its signed change by county and provenance, naming itself, in its own transaction", async () => {
    await newCase(1, cao, "confirmed", "clinic");
    await newCase(2, mudan, "asymptomatic", "community");
    const lines = await world.sql.many(
      "select figure, area_code, detail, change, event_name from figure_ledger order by seq",
    );
    expect(lines).toEqual([
      { figure: "confirmed", area_code: "371721", detail: "clinic", change: 1, event_name: "cases.diagnosed" },
      { figure: "inCare", area_code: "371721", detail: "", change: 1, event_name: "cases.diagnosed" },
      { figure: "asymptomatic", area_code: "371702", detail: "community", change: 1, event_name: "cases.diagnosed" },
      { figure: "inCare", area_code: "371702", detail: "", change: 1, event_name: "cases.diagnosed" },
    ]);
    await expect(world.sql.run("update figure_ledger set change = 2")).rejects.toThrow("append-only");
  });

  it("FIG-3: yesterday plus the listed changes is today, and a reclassified case is not counted anew", async () => {
    const first = await freeze("08:30");
    expect(first).toMatchObject({ no: 1, reconciled: true });
    world.clock.forward(11 * 60);
    await newCase(3, cao, "asymptomatic", "centralQuarantine");
    await happen(world.ctx(), {
      sql: "update case_record set state = 'confirmed' where id = $1",
      params: ["00000000-0000-7000-8000-000000000002"],
      event: event("cases.reclassified", mudan, { caseId: "00000000-0000-7000-8000-000000000002" }),
    });
    const second = await freeze("19:30");
    expect(second.reconciled).toBe(true);
    expect(figure(second, "confirmed")).toBe(2);
    expect(figure(second, "asymptomatic")).toBe(1);
    expect(second.figures.find((row) => row.figure === "asymptomatic" && row.areaCode === "371702")).toEqual({
      figure: "asymptomatic",
      areaCode: "371702",
      detail: "community",
      value: 0,
      previous: 1,
      change: -1,
    });
    const { changes, broken } = await freezeChanges(world.ctx(), { id: second.id });
    expect(broken).toEqual([]);
    expect(changes.map((row) => `${row.event} ${row.figure} ${row.change}`)).toEqual([
      "cases.diagnosed asymptomatic 1",
      "cases.diagnosed inCare 1",
      "cases.reclassified asymptomatic -1",
      "cases.reclassified confirmed 1",
    ]);
  });

  it("FIG-3: what is recorded after the cut-off belongs to the next freeze", async () => {
    world.clock.forward(60);
    const cutoff = world.clock.now();
    world.clock.forward(10);
    await newCase(4, cao, "confirmed", "community");
    const at = await inTx((tx) => computeFigures(tx, cutoff));
    expect(at.filter((row) => row.figure === "confirmed").reduce((sum, row) => sum + row.value, 0)).toBe(2);
    const late = await freeze("08:30", cutoff);
    expect(figure(late, "confirmed")).toBe(2);
    expect(late.reconciled).toBe(true);
    expect(figure(await freeze("19:30"), "confirmed")).toBe(3);
    await expect(freeze("08:30", "2022-12-01T00:00:00.000Z")).rejects.toThrow("future");
  });

  it("FIG-1: holds, contacts, orders and zones move their figures too", async () => {
    const at = world.clock.now();
    await happen(world.ctx(), {
      sql: `with tube as (insert into positive_tube (tube_id, outbreak_id, area_code, barcode, kind, purpose, cause, size, resulted_at, held_at, state)
              values (7, $1, $2, 'T7', 'pool', 'area', 'positive', 2, $3, $3, 'open'))
            insert into hold (id, outbreak_id, person_id, area_code, tube_id, placed_at)
            values (gen_random_uuid(), $1, 901, $2, 7, $3), (gen_random_uuid(), $1, 902, '371702001001', 7, $3)`,
      params: [outbreakId, cao, at],
      event: event("cases.held", cao, { tubeId: 7, personIds: [901, 902] }),
    });
    const zoneId = "00000000-0000-7000-8000-0000000000a1";
    await happen(world.ctx(), {
      sql: `insert into zone (id, outbreak_id, area_code, unit, unit_code, name, name_en, state, level, level_since, reason, drawn_at, drawn_by)
            values ($1, $2, $3, 'village', $3, 'x', 'x', 'published', 'high', $4, 'r', $4, 't')`,
      params: [zoneId, outbreakId, cao, at],
      event: event("zones.published", cao, { zoneId }),
    });
    const held = await freeze("08:30");
    expect(held.reconciled).toBe(true);
    expect([
      figure(held, "held", "371721"),
      figure(held, "held", "371702"),
      figure(held, "positiveTubes"),
      figure(held, "zones"),
    ]).toEqual([1, 1, 1, 1]);
    await happen(world.ctx(), {
      sql: "update hold set lifted_at = $1, outcome = 'negative' where tube_id = 7",
      params: [at],
      event: event("cases.holdLifted", cao, { tubeId: 7 }),
    });
    const lifted = await freeze("19:30");
    expect([lifted.reconciled, figure(lifted, "held"), figure(lifted, "positiveTubes")]).toEqual([true, 0, 1]);
  });

  it("FIG-3: a freeze waits for writers under way, so that no change falls between two freezes", async () => {
    const id = "00000000-0000-7000-8000-0000000000c1";
    const writing = happenSlowly(world.ctx(), {
      sql: `insert into case_record (id, outbreak_id, person_id, area_code, state, provenance, in_community, source, positive_at, protocol_version, created_at)
            values ($1, $2, 801, $3, 'preliminary', 'clinic', true, 'clinic', $4, '9', $4)`,
      params: [id, outbreakId, cao, world.clock.now()],
      event: event("cases.preliminary", cao, { caseId: id }),
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const frozen = await freeze("08:30");
    expect([frozen.reconciled, figure(frozen, "preliminary")]).toEqual([true, 1]);
    await writing;
  });

  it("I7: a figure changed behind the ledger's back is caught, flagged and named", async () => {
    expect((await inTx(figuresReconcile)).broken).toEqual([]);
    await world.sql.run("update case_record set area_code = $1 where id = '00000000-0000-7000-8000-000000000001'", [
      mudan,
    ]);
    const { checked, broken } = await inTx(figuresReconcile);
    expect(checked).toBeGreaterThan(20);
    expect(broken.map((row) => `${row.figure} ${row.areaCode}`)).toEqual([
      "confirmed 371702",
      "confirmed 371721",
      "inCare 371702",
      "inCare 371721",
    ]);
    const flagged = await freeze("08:30");
    expect(flagged.reconciled).toBe(false);
    expect(
      await world.sql.one(
        "select count(*)::int as n from event where name = 'reports.frozen' and data ->> 'reconciled' = 'false'",
      ),
    ).toEqual({ n: 1 });
    // The broken freeze stays on record for the auditor, even once the next one starts from its values.
    expect((await inTx(figuresReconcile)).broken).toHaveLength(4);
    expect((await freeze("19:30")).reconciled).toBe(true);
  });

  it("I10: a county reads its own figures only", async () => {
    const own = await currentFigures(world.ctx({ areaCode: "371702" }), {});
    expect(own.figures.length).toBeGreaterThan(0);
    expect(own.figures.every((row) => row.areaCode === "371702")).toBe(true);
    expect(own.freeze?.figures.every((row) => row.areaCode === "371702")).toBe(true);
    await expect(currentFigures(world.ctx({ permissions: [] }), {})).rejects.toMatchObject({ code: "auth.forbidden" });
  });
});
