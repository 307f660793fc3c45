import { module as areas } from "#modules/areas";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import type { ResultedTube, TubePositive } from "#domain/screening";
import type { ModuleDef } from "#platform/module";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { module as cases } from "./cases.module.ts";

/** A small world for tests of cases and of what builds on them: an outbreak, people, and a laboratory that speaks through events. */
export interface CaseWorld extends TestWorld {
  readonly outbreakId: string;
  /** Registers people of a village; returns their ids. */
  people(areaCode: string, names: readonly string[]): Promise<number[]>;
  /** A pooled or household tube turns positive. */
  positive(tubeId: number, personIds: readonly number[], more?: Partial<TubePositive>): Promise<void>;
  /** A laboratory reports a batch of single tubes. */
  results(
    tubes: readonly (Pick<ResultedTube, "tubeId" | "personIds" | "result"> & Partial<ResultedTube>)[],
  ): Promise<void>;
}

export async function caseWorld(more: readonly ModuleDef[] = []): Promise<CaseWorld> {
  const world = await testWorld({ modules: [areas, outbreaks, people, tasks, cases, ...more] });
  let outbreakId = "";
  await runDuty(world.ctx(), async (tx) => {
    const outbreak = await startOutbreak(tx, {
      name: "测试",
      nameEn: "Test",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    outbreakId = outbreak.id;
  });
  const tubeOf = (tubeId: number, personIds: readonly number[]) => ({
    tubeId,
    barcode: `T${tubeId}`,
    kind: "pool" as const,
    purpose: "area" as const,
    recheckOf: null,
    roundId: "00000000-0000-7000-8000-000000000001",
    size: personIds.length,
    personIds,
    ctN: 28,
    ctOrf: 29,
    collectedAt: world.clock.now(),
    resultedAt: world.clock.now(),
    labId: "00000000-0000-7000-8000-000000000002",
  });
  return {
    ...world,
    outbreakId,
    async people(areaCode, names) {
      let ids: number[] = [];
      await runDuty(world.ctx(), async (tx) => {
        ids = await registerPeople(tx, {
          register: "test",
          people: names.map((name) => ({ ref: name, areaCode, name, household: `${areaCode}-1` })),
        });
      });
      return ids;
    },
    async positive(tubeId, personIds, more = {}) {
      await runDuty(world.ctx(), (tx) =>
        tx.emit({
          name: "screening.tubePositive",
          areaCode: "3717",
          subjectType: "tube",
          subjectId: String(tubeId),
          data: { ...tubeOf(tubeId, personIds), ...more },
        }),
      );
    },
    async results(tubes) {
      const data = {
        tubes: tubes.map((tube) => ({
          ...tubeOf(tube.tubeId, tube.personIds),
          kind: "single",
          purpose: "recheck",
          step: "final",
          ...tube,
        })),
      };
      await runDuty(world.ctx(), (tx) =>
        tx.emit({ name: "screening.resultsRecorded", areaCode: "3717", subjectType: "lab", subjectId: "1", data }),
      );
    },
  };
}
