import { expect } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as tasks } from "#modules/tasks";
import {
  answerCallUp,
  assignByNeed,
  callUp,
  listCallUps,
  listMembers,
  mobilisation,
  module as teams,
  openNeeds,
} from "#modules/teams";
import { benchVillages, hezeForce, loadForce } from "../../bench/load.ts";
import type { HezeRow } from "./row.ts";

const answering = 200;

/** The rows of the account that the teams carry. */
export const rows: readonly HezeRow[] = [
  {
    row: "People mobilised",
    figures: {
      branches: 1_242,
      groups: 3_490,
      serviceTeams: 7_100,
      emergencyTeams: 2_500,
      taskTeams: 1_700,
      members: 161_000,
      volunteers: 145_000,
      posts: 25_000,
      reportingHome: 38_000,
    },
    modules: [areas, outbreaks, tasks, teams],
    async play(world, figures) {
      const of = (name: string): number => Number(figures[name]);
      await openOutbreak(world.ctx(), {
        name: "菏泽疫情",
        nameEn: "Heze outbreak",
        areaCode: "3717",
        timeZone: "Asia/Shanghai",
        protocolId: "covid-19.cn-9",
      });
      const villages = benchVillages();
      await loadForce(world.ctx(), villages, hezeForce);
      const { total } = await mobilisation(world.ctx(), { areaCode: "3717" });
      expect(total.teams).toEqual({
        branch: of("branches"),
        group: of("groups"),
        service: of("serviceTeams"),
        emergency: of("emergencyTeams"),
        task: of("taskTeams"),
      });
      expect((total.members["staff"] ?? 0) + (total.members["partyMember"] ?? 0)).toBe(of("members"));
      expect(total.members["volunteer"]).toBe(of("volunteers"));
      expect(total.reportingHome).toBe(of("reportingHome"));
      expect((total.posts["pioneerPost"] ?? 0) + (total.posts["dutyArea"] ?? 0)).toBe(of("posts"));
      expect(total.postsHeld).toBe(of("posts"));
      // One command reaches them all.
      const called = await callUp(world.ctx(), { areaCode: "3717", reason: "first positive" });
      expect(called.called).toBe(of("members") + of("volunteers"));
      const { items } = await listMembers(world.ctx({ areaCode: "371721" }), { state: "calledUp", limit: answering });
      await answerCallUp(world.ctx({ areaCode: "371721" }), {
        answers: items.map(({ code }) => ({ memberCode: code, coming: true })),
      });
      expect((await listCallUps(world.ctx(), {})).items[0]).toMatchObject({
        called: called.called,
        answered: answering,
        unanswered: called.called - answering,
      });
      // Who came fills a need of the place nearest to them.
      await openNeeds(world.ctx({ areaCode: "371721" }), {
        needs: [
          {
            areaCode: items[0]?.areaCode ?? "",
            code: "first night",
            targetType: "checkpoint",
            targetId: "G220",
            people: 42,
            from: "2022-07-24T12:00:00.000Z",
            to: "2022-07-24T22:00:00.000Z",
          },
        ],
      });
      const { needs } = await assignByNeed(world.ctx({ areaCode: "371721" }), {});
      expect(needs).toMatchObject([{ found: 42, missing: 0 }]);
    },
  },
];
