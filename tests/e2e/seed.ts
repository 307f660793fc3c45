import { holdBriefing } from "#modules/command";
import { allPermissions, modules } from "#server/modules";
import { village, type CommandPost } from "./post.ts";

const town = village.slice(0, 9);

/** What the field knows of itself, for the tests that go on from there. */
export interface Field {
  readonly people: readonly number[];
  readonly siteId: string;
  readonly labId: string;
  readonly roundId: string;
}

interface Tube {
  readonly barcode: string;
  readonly kind: string;
  readonly personIds: readonly number[];
  readonly recheckOf?: number;
}

/** People of two villages, a sampling site, a laboratory, places to stay and a round that is open. */
export async function prepareField(post: CommandPost): Promise<Field> {
  const people = await post.addPeople(
    Array.from({ length: 14 }, (_, i) => ({
      ref: `w${i}`,
      areaCode: i < 10 ? village : `${town}202`,
      name: `走查${i}`,
      sex: i % 2 === 0 ? ("female" as const) : ("male" as const),
      birthDate: "1985-05-05",
      household: `h${Math.floor(i / 3)}`,
      phone: `1380000${String(i).padStart(4, "0")}`,
    })),
  );
  const sites = await post.api<Record<string, string>>("root", "POST", "/api/v1/sampling-sites", {
    areaCode: "3717",
    sites: [{ code: "S1", areaCode: village, name: "村口采样点" }],
  });
  const labs = await post.api<Record<string, string>>("root", "POST", "/api/v1/labs", {
    areaCode: "3717",
    labs: [{ code: "L1", areaCode: "3717", name: "市疾控", capacityTubesDay: 5_000 }],
  });
  await post.api("root", "POST", "/api/v1/isolation-sites", {
    sites: [
      { kind: "central", areaCode: "371721", name: "曹县隔离点", rooms: { single: 40 } },
      { kind: "fangcang", areaCode: "371721", name: "曹县方舱", rooms: { ward: 1, bedsPerWard: 40 } },
      { kind: "hospital", areaCode: "3717", name: "市定点医院", rooms: { ward: 1, bedsPerWard: 40 } },
    ],
  });
  const round = await post.api<{ roundId: string }>("root", "POST", "/api/v1/rounds", {
    areaCode: town,
    areaType: "rural",
  });
  return { people, siteId: sites["S1"] ?? "", labId: labs["L1"] ?? "", roundId: round.roundId };
}

/** Tubes from the site to the laboratory, and the laboratory's results, over the interface that devices use. */
export async function testTubes(
  post: CommandPost,
  field: Field,
  tubes: readonly Tube[],
  options: { readonly box: string; readonly positive: readonly string[]; readonly recheck?: true },
): Promise<void> {
  const at = post.world.clock.now();
  const { box, positive, recheck } = options;
  // The village's own sampler: nobody of the county opens the day's round of re-checks first.
  const by = recheck ? "sampler" : "root";
  const { siteId, labId } = field;
  await post.api(by, "POST", "/api/v1/tubes", {
    ...(recheck ? { purpose: "recheck" } : { roundId: field.roundId }),
    siteId,
    box,
    tubes: tubes.map((tube) => ({ ...tube, at })),
  });
  await post.api(by, "POST", "/api/v1/boxes/seal", { siteId, code: box, seal: `${box}-seal` });
  await post.api(by, "POST", "/api/v1/boxes/hand-over", { siteId, courier: "C1", boxes: [{ code: box }] });
  await post.api("root", "POST", "/api/v1/boxes/receive", {
    labId,
    courier: "C1",
    boxes: [{ code: box, counted: tubes.length }],
  });
  await post.api("root", "POST", "/api/v1/results", {
    labId,
    results: tubes.map(({ barcode }) =>
      positive.includes(barcode)
        ? { barcode, result: "positive", ctN: 24, ctOrf: 25 }
        : { barcode, result: "negative", ctN: null, ctOrf: null },
    ),
  });
}

/** A pool that is positive, and its members each sampled again: one of them is positive too. */
export async function positivePool(post: CommandPost, field: Field): Promise<void> {
  const members = field.people.slice(0, 5);
  await testTubes(post, field, [{ barcode: "P1", kind: "pool", personIds: members }], { box: "B1", positive: ["P1"] });
  const pool = await post.world.sql.one<{ id: number }>("select id from tube where barcode = 'P1'");
  await recheckPool(post, field, pool.id);
}

/** The door team's single tubes of a pool's members; the first is positive. */
export async function recheckPool(post: CommandPost, field: Field, poolId: number): Promise<void> {
  const singles = field.people
    .slice(0, 5)
    .map((id, i) => ({ barcode: `D${i}`, kind: "single", personIds: [id], recheckOf: poolId }));
  await testTubes(post, field, singles, { box: "B2", positive: ["D0"], recheck: true });
}

/** A record of every kind, so that each page has something to show; gives the id that stands in the address of each. */
export async function richOutbreak(post: CommandPost): Promise<Readonly<Record<string, string>>> {
  const field = await prepareField(post);
  await positivePool(post, field);
  const first = async (path: string): Promise<string> => {
    const { items } = await post.api<{ items: readonly { readonly id?: string | number }[] }>("root", "GET", path);
    return String(items[0]?.id ?? "");
  };
  const caseId = await first("/api/v1/cases");
  await post.api("root", "POST", `/api/v1/cases/${caseId}/contacts`, {});
  const zoneId = await first("/api/v1/zones");
  await post.api("root", "POST", `/api/v1/zones/${zoneId}/publish`, {});
  await post.api("root", "POST", "/api/v1/inbound/arrivals", {
    source: "list",
    travellers: [{ areaCode: town, name: "返乡", origin: "310000", leftOn: "2022-07-20", phone: "13900000001" }],
  });
  await teamMember(post);
  const findingId = await rectifiedFinding(post);
  const requestId = await loadOnItsWay(post);
  post.world.clock.set(briefingTime(post.world.clock.now()));
  const briefing = await holdBriefing(post.world.ctx({ permissions: allPermissions(modules) }), {});
  return {
    "/cases/$id": caseId,
    "/contacts/$id": await first("/api/v1/contacts"),
    "/tubes/$id": await first("/api/v1/positive-tubes"),
    "/rounds/$id": field.roundId,
    "/zones/$id": zoneId,
    "/sites/$id": await first("/api/v1/isolation-sites"),
    "/sites/$id/floors": await first("/api/v1/isolation-sites"),
    "/tasks/$id": await first("/api/v1/tasks?state=open"),
    "/briefings/$id": briefing.id,
    "/teams/members/$id": await first("/api/v1/team-members"),
    "/inbound/$id": await first("/api/v1/inbound/arrivals"),
    "/inspection/$id": findingId,
    "/supplies/requests/$id": requestId,
  };
}

/** Somebody on the line who holds a post, was called up and came, and was exposed at work. */
async function teamMember(post: CommandPost): Promise<void> {
  const send = (path: string, body: object): Promise<unknown> => post.api("root", "POST", path, body);
  const members = [{ code: "M1", areaCode: village, name: "张值守", kind: "partyMember", phone: "13900000002" }];
  await send("/api/v1/team-members", { members });
  const posts = [{ code: "P1", areaCode: village, kind: "pioneerPost", name: "村口", holderCode: "M1" }];
  await send("/api/v1/team-posts", { posts });
  await send("/api/v1/team-call-ups", { areaCode: "3717", reason: "first positive" });
  await send("/api/v1/team-call-ups/answers", { answers: [{ memberCode: "M1", coming: true }] });
  const at = post.world.clock.now();
  await send("/api/v1/team-exposures", { memberCode: "M1", at, kind: "needle", protection: "two" });
}

const picture = {
  contentType: "image/png",
  content: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgAWjR9awAAAABJRU5ErkJggg==",
};

/** A visit of inspection that found something, put right with a photo and waiting for the re-check. */
async function rectifiedFinding(post: CommandPost): Promise<string> {
  const inspect = <T>(what: string, body: unknown): Promise<T> =>
    post.api<T>("root", "POST", `/api/v1/inspection/${what}`, body);
  const names = { name: "第一督导组", nameEn: "Inspection team 1" };
  await inspect("teams", {
    areaCode: "3717",
    teams: [{ code: "G1", areaCode: "371721", ...names, headcount: 5, members: [] }],
  });
  const place = { name: "楼庄超市", nameEn: "Louzhuang supermarket", venueCode: null };
  await inspect("places", {
    areaCode: "3717",
    places: [{ code: "P1", areaCode: village, placeType: "supermarket", ...place }],
  });
  const { items: lists } = await post.api<{
    items: readonly { readonly placeType: string; readonly items: readonly { readonly id: string }[] }[];
  }>("root", "GET", "/api/v1/inspection/checklists");
  const answers = lists
    .find(({ placeType }) => placeType === "supermarket")
    ?.items.map(({ id }, i) => ({ item: id, answer: i === 0 ? "no" : "yes" }));
  const at = post.world.clock.now();
  const { findings } = await inspect<{ findings: readonly { readonly id: string }[] }>("visits", {
    areaCode: "3717",
    visits: [{ teamCode: "G1", placeId: "P1", at, answers }],
  });
  const id = findings[0]?.id ?? "";
  post.world.clock.forward(5);
  const takenAt = post.world.clock.now();
  await inspect(`findings/${id}/rectify`, { note: "已整改", photos: [{ ...picture, name: "after.png", takenAt }] });
  return id;
}

/** Masks that a county asked for and the city granted, promised and sent. */
async function loadOnItsWay(post: CommandPost): Promise<string> {
  const supply = <T>(what: string, body: unknown, login: "root" | "chief" = "root"): Promise<T> =>
    post.api<T>(login, "POST", `/api/v1/supplies/${what}`, body);
  await supply("catalogue", {});
  await supply("warehouses", {
    warehouses: [
      { areaCode: "3717", code: "CITY", name: "市库", nameEn: "City store", level: "city" },
      { areaCode: "371721", code: "CAO", name: "曹县库", nameEn: "Cao store", level: "county" },
    ],
  });
  await supply("counts", { warehouse: "CITY", lines: [{ item: "mask", counted: 10_000, reason: "盘点" }] });
  const lines = [{ item: "mask", quantity: 4_000 }];
  const neededBy = "2022-07-29T00:00:00.000Z";
  const { id } = await supply<{ id: string }>("requests", { warehouse: "CAO", neededBy, reason: "第三轮", lines });
  // Who asks does not decide.
  await supply(`requests/${id}/decide`, { lines }, "chief");
  await supply(`requests/${id}/allocate`, { warehouse: "CITY" });
  await supply(`requests/${id}/dispatch`, { vehicle: "鲁R·0001" });
  return id;
}

/** A minute after the next 08:30 in Heze. */
function briefingTime(now: string): string {
  const next = new Date(now);
  next.setUTCHours(0, 31, 0, 0);
  if (next.toISOString() <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString();
}
