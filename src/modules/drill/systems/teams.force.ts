import { assert, need } from "#kernel/assert";
import { skills, type NewMember, type NewPost, type NewTeam, type TeamKind } from "#domain/teams";
import { inventedName } from "../names.rules.ts";

/** A village with the people it stands for. */
export interface ForceVillage {
  readonly code: string;
  readonly people: number;
}

/** How many of each kind there are. */
export interface ForceFigures {
  readonly teams: Readonly<Record<TeamKind, number>>;
  /** Staff and party members together; `reportingHome` of them are staff who report to the community they live in. */
  readonly members: number;
  readonly reportingHome: number;
  readonly volunteers: number;
  readonly posts: number;
}

/** Everybody and everything of a mobilisation, by natural keys; the same figures give the same force. */
export interface Force {
  teams(): Generator<NewTeam>;
  members(): Generator<NewMember>;
  posts(): Generator<NewPost>;
}

const codeDigits = 6;
const postKindEvery = 4;
const phoneFrom = 10_000_000_000;
const numbered = (prefix: string, i: number): string => `${prefix}${String(i + 1).padStart(codeDigits, "0")}`;
const teamPrefixes: Readonly<Record<TeamKind, string>> = {
  branch: "TB",
  group: "TG",
  service: "TS",
  emergency: "TE",
  task: "TT",
};
const teamNames: Readonly<Record<TeamKind, string>> = {
  branch: "临时党支部",
  group: "党小组",
  service: "服务队",
  emergency: "应急队",
  task: "突击队",
};

/** Spreads `count` things over villages by their people: the village of each, in the villages' order. */
function* spread(villages: readonly ForceVillage[], count: number): Generator<string> {
  const total = villages.reduce((sum, village) => sum + village.people, 0);
  assert(total > 0, "somebody lives there");
  let at = 0;
  let below = villages[0]?.people ?? 0;
  for (let i = 0; i < count; i++) {
    const place = ((i + 0.5) / count) * total;
    while (place >= below && at < villages.length - 1) {
      at += 1;
      below += villages[at]?.people ?? 0;
    }
    yield need(villages[at], "a village of the force").code;
  }
}

/** Makes the people, teams and posts of a mobilisation over villages. */
export function forceOf(villages: readonly ForceVillage[], figures: ForceFigures, seed: number): Force {
  const kinds = Object.keys(teamPrefixes) as TeamKind[];
  const working = ["service", "emergency", "task"] as const;
  const workingCount = working.reduce((sum, kind) => sum + figures.teams[kind], 0);

  /** The team of the i-th of n people: the working teams stand in the order of the villages, as the people do. */
  function teamOf(i: number, n: number): string {
    const kind = need(working[i % working.length], "a kind of team");
    const count = figures.teams[kind];
    return numbered(teamPrefixes[kind], Math.min(count - 1, Math.floor((i * count) / n)));
  }

  function* people(prefix: string, count: number, phones: number, of: (i: number) => Partial<NewMember>) {
    let i = 0;
    for (const areaCode of spread(villages, count)) {
      const more = of(i);
      yield {
        areaCode,
        code: numbered(prefix, i),
        name: inventedName(seed, phones + i, phones + i),
        kind: "partyMember" as const,
        // An invented number: no mobile number of this length begins with 10.
        phone: String(phoneFrom + phones + i),
        skills: [need(skills[i % skills.length], "a skill")],
        ...(workingCount === 0 ? {} : { teamCode: teamOf(i, count) }),
        ...more,
        ...(more.homeAreaCode === undefined ? {} : { homeAreaCode: areaCode }),
      };
      i += 1;
    }
  }

  return {
    *teams() {
      for (const kind of kinds) {
        let i = 0;
        for (const areaCode of spread(villages, figures.teams[kind])) {
          const code = numbered(teamPrefixes[kind], i);
          yield { areaCode, kind, code, name: `${teamNames[kind]}${i + 1}` };
          i += 1;
        }
      }
    },
    *members() {
      const home = figures.reportingHome / Math.max(1, figures.members);
      // Staff stand evenly among the others: whenever the rounded share goes up by one.
      const isStaff = (i: number): boolean => Math.floor((i + 1) * home) > Math.floor(i * home);
      yield* people("M", figures.members, 0, (i) =>
        isStaff(i) ? { kind: "staff", homeAreaCode: "own" } : { kind: "partyMember" },
      );
      yield* people("V", figures.volunteers, figures.members, () => ({ kind: "volunteer" }));
    },
    *posts() {
      let i = 0;
      for (const areaCode of spread(villages, figures.posts)) {
        yield {
          areaCode,
          kind: i % postKindEvery === 0 ? ("dutyArea" as const) : ("pioneerPost" as const),
          code: numbered("P", i),
          name: `${i % postKindEvery === 0 ? "责任区" : "先锋岗"}${i + 1}`,
          holderCode: numbered("M", Math.floor((i * figures.members) / figures.posts)),
        };
        i += 1;
      }
    },
  };
}
