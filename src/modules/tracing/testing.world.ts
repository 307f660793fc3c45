import { module as areas } from "#modules/areas";
import { module as cases, registerCase } from "#modules/cases";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople, type NewPerson } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import { module as venues } from "#modules/venues";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { module as tracing } from "./tracing.module.ts";

/** A small world for tests of tracing: an outbreak and people in households. */
export interface TracingWorld extends TestWorld {
  readonly outbreakId: string;
  /** Registers people; returns their ids in order. */
  people(rows: readonly NewPerson[]): Promise<number[]>;
  /** Makes a person a preliminary positive; returns the case's id. */
  positive(personId: number): Promise<string>;
  /** Tells the modules of something another module would tell. */
  tell(name: string, data: object): Promise<void>;
}

export async function tracingWorld(): Promise<TracingWorld> {
  const world = await testWorld({
    modules: [areas, outbreaks, people, tasks, venues, cases, tracing],
    at: "2022-07-28T04:00:00.000Z",
  });
  let outbreakId = "";
  await runDuty(world.ctx(), async (tx) => {
    const opened = await startOutbreak(tx, {
      name: "测试",
      nameEn: "Test",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    outbreakId = opened.id;
  });
  return {
    ...world,
    outbreakId,
    async people(rows) {
      let ids: number[] = [];
      await runDuty(world.ctx(), async (tx) => {
        ids = await registerPeople(tx, { register: "test", people: rows });
      });
      return ids;
    },
    async positive(personId) {
      const { caseId } = await registerCase(world.ctx(), { personId, provenance: "community", source: "clinic" });
      return caseId;
    },
    async tell(name, data) {
      await runDuty(world.ctx(), (tx) =>
        tx.emit({ name, areaCode: "3717", subjectType: "test", subjectId: "1", data }),
      );
    },
  };
}
