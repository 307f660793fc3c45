import { module as areas } from "#modules/areas";
import { module as tasks } from "#modules/tasks";
import { module as outbreaks } from "#modules/outbreaks";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import type { EventInput } from "#platform/events";
import { module } from "./index.ts";

export const start = "2022-07-24T00:00:00.000Z";

/** A world with the areas of Cao and Mudan and permissions as several modules would give them. */
export async function deskWorld(): Promise<TestWorld> {
  const world = await testWorld({ modules: [areas, outbreaks, tasks, module], at: start });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
     ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao'),
     ('371721123', '371721', 'town', 'town', '楼庄镇', 'Louzhuang'), ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan')`,
  );
  return world;
}

/** Emits one event as some use case would. */
export const tell = useCase(
  { name: "test.tell", permission: "tasks.task.work", kind: "write" },
  async (tx, event: EventInput) => {
    await tx.emit(event);
    return {};
  },
);

/** Leaves a look at a record's personal data in the audit. */
export const look = useCase(
  { name: "test.look", permission: "tasks.task.read", kind: "read" },
  async (tx, subject: { type: string; id: string; areaCode: string }) => {
    await tx.audit({
      action: "test.look",
      subjectType: subject.type,
      subjectId: subject.id,
      areaCode: subject.areaCode,
    });
    return {};
  },
);
