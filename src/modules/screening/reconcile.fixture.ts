import { expect } from "vitest";
import { prngOf } from "#kernel/prng";
import { registerPeople } from "#modules/people";
import type { Ctx } from "#platform/context";
import {
  handOverBoxes,
  moveSample,
  receiveBoxes,
  recordAbsences,
  recordLostTubes,
  rejectTubes,
  reportResults,
  uploadTubes,
} from "./index.ts";
import type { DifferenceCause } from "./reconcile.model.ts";
import { inTx, type SmallCity } from "./screening.fixture.ts";

/** A busy round, and what SQL past the use cases may do to one. */

const poolSize = 10;
const perBox = 500;
export const seed = Number(process.env["SEED"] ?? 20_220_724);
export const dice = prngOf(seed, "reconcile");

/** Everybody but one in twenty, in tubes of ten neighbours; some tubes take somebody of another village. */
export async function sampleEverybody(city: SmallCity, ctx: Ctx, roundId: string, prefix: string): Promise<string[][]> {
  const queue = city.villages.flatMap((village) => city.people.get(village) ?? []).filter(() => dice.int(20) > 0);
  for (let i = 0; i < queue.length; i += 200) {
    const j = dice.int(queue.length);
    [queue[i], queue[j]] = [queue[j] ?? 0, queue[i] ?? 0];
  }
  const boxes: string[][] = [];
  for (let from = 0; from < queue.length; from += perBox) {
    const people = queue.slice(from, from + perBox);
    const tubes = Array.from({ length: Math.ceil(people.length / poolSize) }, (_, i) => ({
      barcode: `${prefix}${from / perBox}-${i}`,
      kind: "pool" as const,
      size: poolSize,
      personIds: people.slice(i * poolSize, (i + 1) * poolSize),
      at: city.world.clock.now(),
    }));
    const box = `${prefix}B${from / perBox}`;
    const answer = await uploadTubes(ctx, { roundId, siteId: city.sites["S1"] ?? "", box, tubes });
    expect(answer.bad).toEqual([]);
    boxes.push(tubes.map((tube) => tube.barcode));
  }
  return boxes;
}

/** Takes the boxes as far as the dice say, with losses, rejections, unclear results and swabs moved between tubes. */
export async function carryOn(
  city: SmallCity,
  ctx: Ctx,
  roundId: string,
  prefix: string,
  boxes: readonly string[][],
): Promise<void> {
  for (const [no, barcodes] of boxes.entries()) {
    const code = `${prefix}B${no}`;
    const [first = "", second = "", third = "", fourth = ""] = barcodes;
    if (dice.int(4) === 0) await recordLostTubes(ctx, { barcodes: [first], note: "random" });
    if (dice.int(4) === 0) await rejectTubes(ctx, { barcodes: [second], note: "random" });
    await swap(city, ctx, roundId, third, fourth);
    if (dice.int(5) === 0) continue;
    await handOverBoxes(ctx, { siteId: city.sites["S1"] ?? "", courier: "driver", boxes: [{ code, seal: code }] });
    if (dice.int(5) === 0) continue;
    const missing = dice.int(3) === 0 ? [third] : [];
    await receiveBoxes(ctx, {
      labId: city.labId,
      courier: "driver",
      boxes: [{ code, counted: barcodes.length - missing.length, missing }],
    });
    if (dice.int(5) === 0) continue;
    const results = barcodes.slice(4).map((barcode) => ({
      barcode,
      result: (["positive", "grey", "invalid"] as const)[dice.int(40)] ?? ("negative" as const),
    }));
    await reportResults(ctx, { labId: city.labId, results });
    // Some of the unclear ones are unclear again, and their people come anew.
    const unclear = results.filter(({ result }) => result === "grey" && dice.int(2) === 0);
    if (unclear.length > 0) await reportResults(ctx, { labId: city.labId, results: unclear });
  }
}

/** Takes one person out of a full tube and puts another one into it. */
async function swap(city: SmallCity, ctx: Ctx, roundId: string, from: string, to: string): Promise<void> {
  const [member] = await city.world.sql.many<{ id: number }>(
    "select person_id as id from sample s join tube t on t.id = s.tube_id where t.barcode = $1 order by 1 limit 1",
    [from],
  );
  if (!member) return;
  const move = { roundId, personId: member.id, toBarcode: to, note: "random" };
  await moveSample(ctx, move).catch((error: unknown) => expect(error).toHaveProperty("code", "rule.refused"));
}

export async function registerLate(city: SmallCity, ctx: Ctx, ref: string): Promise<void> {
  const people = Array.from({ length: 50 }, (_, i) => ({
    ref: `${ref}-${i}`,
    areaCode: city.villages[dice.int(city.villages.length)] ?? "",
    name: "新来",
  }));
  const ids = await inTx(ctx, (tx) => registerPeople(tx, { register: "late", people }));
  // The first of them are sampled, one is away; who is named twice to the register is one person still.
  await inTx(ctx, (tx) => registerPeople(tx, { register: "late", people: people.slice(0, 5) }));
  await uploadTubes(ctx, {
    roundId: city.roundId,
    siteId: city.sites["S1"] ?? "",
    box: `${ref}-box`,
    tubes: [{ barcode: ref, kind: "pool", size: poolSize, personIds: ids.slice(0, 5), at: city.world.clock.now() }],
  });
  await recordAbsences(ctx, { roundId: city.roundId, people: [{ personId: ids[10] ?? 0, reason: "away" }] });
}

/** One damage each, in words of the row that decides its cause. */
export const damages: readonly {
  readonly cause: DifferenceCause;
  readonly text: string;
  readonly found: readonly (readonly [string, number])[];
}[] = [
  {
    cause: "registeredLater",
    text: `insert into person (area_code, name, sex, register, ref, registered_at)
      select '371702001201', '外来', 'unknown', 'sql', i, '2022-07-24T00:10:00Z' from generate_series(1, 3) i`,
    found: [["due", 3]],
  },
  {
    cause: "moved",
    text: `update person set area_code = '371721123202' where id in (
      select person_id from sample where area_code = '371702001201' order by person_id limit 2)`,
    found: [
      ["due", -2],
      ["due", 2],
    ],
  },
  {
    cause: "movedLikely",
    text: `update person set area_code = '371721123202' where id in (select id from person p where area_code = '371702001202'
      and not exists (select from sample s where s.person_id = p.id) and not exists (select from absence a where a.person_id = p.id) limit 2)`,
    found: [
      ["due", -2],
      ["due", 2],
    ],
  },
  {
    cause: "personGone",
    text: "delete from person where id = (select min(person_id) from sample where area_code = '371702001202')",
    found: [["due", -1]],
  },
  {
    cause: "absenceUncounted",
    text: `insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
      select (select id from round limit 1), id, area_code, 'away', '2022-07-24T00:10:00Z', 'sql' from person p where area_code = '371702001201'
      and not exists (select from sample s where s.person_id = p.id) and not exists (select from absence a where a.person_id = p.id) limit 2`,
    found: [["excused", 2]],
  },
  {
    cause: "absenceOfSampled",
    text: `insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
      select round_id, person_id, area_code, 'away', '2022-07-24T00:10:00Z', 'sql' from sample where area_code = '371721123201' limit 1`,
    found: [["excused", 1]],
  },
  {
    cause: "tubeState",
    text: `update tube set state = 'received', received_at = '2022-07-24T00:10:00Z' where id = (
      select t.id from tube t where state = 'in_transit' and size = 10
      and (select count(distinct area_code) from sample s where s.tube_id = t.id) = 1 order by id limit 1)`,
    found: [
      ["inTransit", -10],
      ["received", 10],
    ],
  },
  {
    cause: "tubeEnded",
    text: `update tube set state = 'lost' where id = (select t.id from tube t where state = 'received' and size = 10
      and (select count(distinct area_code) from sample s where s.tube_id = t.id) = 1 order by id limit 1)`,
    found: [
      ["collected", -10],
      ["received", -10],
      ["sampled", -10],
    ],
  },
  {
    cause: "tubeResult",
    text: `update tube set result = 'positive' where id = (select t.id from tube t where result = 'negative' and state = 'resulted' and size = 10
      and (select count(distinct area_code) from sample s where s.tube_id = t.id) = 1 order by id limit 1)`,
    found: [["positive", 10]],
  },
  {
    cause: "sampleGone",
    text: "delete from sample where person_id = (select min(s.person_id) from sample s join tube t on t.id = s.tube_id where t.result = 'negative' and t.state = 'resulted')",
    found: [
      ["collected", -1],
      ["resulted", -1],
      ["sampled", -1],
    ],
  },
  {
    cause: "sampleAdded",
    text: `insert into sample (round_id, person_id, tube_id, at, area_code) select t.round_id, p.id, t.id, '2022-07-24T00:10:00Z', p.area_code
      from (select * from tube where state = 'received' and (select count(distinct area_code) from sample s where s.tube_id = tube.id) = 1 order by id limit 1) t
      cross join lateral (select p.* from person p where p.area_code = (select min(area_code) from sample s where s.tube_id = t.id)
        and not exists (select from sample s where s.person_id = p.id) and not exists (select from absence a where a.person_id = p.id) limit 1) p`,
    found: [
      ["collected", 1],
      ["received", 1],
      ["sampled", 1],
    ],
  },
  {
    cause: "sampleAstray",
    text: "update sample set tube_id = 999999999 where person_id = (select max(s.person_id) from sample s join tube t on t.id = s.tube_id where t.result = 'negative' and t.state = 'resulted')",
    found: [
      ["collected", -1],
      ["resulted", -1],
      ["sampled", -1],
    ],
  },
  {
    cause: "traceGone",
    text: "delete from sample_trace where ctid = (select ctid from sample_trace where why = 'lost' limit 1)",
    found: [
      ["collected", -1],
      ["lost", -1],
    ],
  },
  {
    cause: "traceAdded",
    text: `insert into sample_trace (round_id, person_id, area_code, from_tube_id, why, note, at, actor_id)
      select round_id, person_id, area_code, tube_id, 'lost', 'sql', '2022-07-24T00:10:00Z', 'sql' from sample where area_code = '371702001201' order by person_id limit 1`,
    found: [
      ["collected", 1],
      ["lost", 1],
    ],
  },
  {
    cause: "unexplained",
    text: "update coverage set due = due + 7 where area_code = '371702001202'",
    found: [["due", -7]],
  },
];
