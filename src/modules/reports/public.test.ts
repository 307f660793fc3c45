import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAreas, module as areas, type AreaRow } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import { module as venues } from "#modules/venues";
import type { Tx } from "#platform/context";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { freezeFigures } from "./figures.service.ts";
import { module } from "./index.ts";
import {
  draftBulletin,
  draftNotice,
  listPublications,
  publishedNow,
  sendBackPublication,
  signPublication,
  submitPublication,
  withdrawPublication,
} from "./publications.service.ts";
import { sheets } from "./public.sheets.ts";
import {
  answerRequest,
  askForHelp,
  confirmRequest,
  getRequest,
  listRequests,
  requestStatus,
} from "./requests.service.ts";
import { answeredRumours, checkRumour, publicInformationTally, recordRumour, signRumour } from "./rumours.service.ts";

const cao = "371721";
const village = "371721123201";
const area = (code: string, parentCode: string | null, level: AreaRow["level"]): AreaRow => ({
  code,
  parentCode,
  level,
  kind: level,
  name: code,
  nameEn: code,
  population: 1_000,
  lat: null,
  lon: null,
  boundary: null,
  position: "exact",
});

describe("public information on the real database", () => {
  let world: TestWorld;
  let outbreakId = "";

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => runDuty(world.ctx(), work);
  const writer = () => world.ctx({ name: "writer" });
  const signer = () => world.ctx({ name: "signer" });
  const resident = () => world.ctx({ name: "resident", permissions: ["reports.public.read", "reports.public.write"] });

  beforeAll(async () => {
    world = await testWorld({
      modules: [areas, outbreaks, people, tasks, venues, cases, module],
      at: "2022-07-24T00:30:00.000Z",
    });
    await inTx((tx) =>
      loadAreas(tx, [
        area("3717", null, "city"),
        area(cao, "3717", "county"),
        area("371702", "3717", "county"),
        area("371721123", cao, "town"),
        area(village, "371721123", "village"),
      ]),
    );
    const outbreak = await inTx((tx) =>
      startOutbreak(tx, {
        name: "测试",
        nameEn: "Test",
        protocolId: "covid-19.cn-9",
        timeZone: "Asia/Shanghai",
        areaCode: "3717",
        drill: true,
      }),
    );
    outbreakId = outbreak.id;
  });
  afterAll(() => world.close());

  it("PUB-1, PUB-3, PUB-4: a bulletin of frozen figures, signed by a second person, shown, withdrawn", async () => {
    await expect(draftBulletin(writer(), {})).rejects.toMatchObject({ code: "rule.refused" });
    await inTx((tx) => freezeFigures(tx, { slot: "08:30", cutoff: tx.now }));
    const draft = await draftBulletin(writer(), {});
    expect(draft).toMatchObject({ kind: "bulletin", no: 1, state: "draft", dueAt: "2022-07-24T12:30:00.000Z" });
    await expect(draftBulletin(writer(), {})).rejects.toMatchObject({ code: "record.duplicate" });
    await expect(signPublication(signer(), draft)).rejects.toMatchObject({ code: "state.notAllowed" });
    await submitPublication(writer(), draft);
    await sendBackPublication(signer(), { id: draft.id, reason: "数字再核" });
    await submitPublication(writer(), draft);
    await expect(signPublication(writer(), draft)).rejects.toMatchObject({
      code: "rule.refused",
      params: { rule: "PUB-3" },
    });
    expect(await publishedNow(resident(), {})).toEqual([]);
    expect(await signPublication(signer(), draft)).toMatchObject({ state: "published", sentBack: 1 });
    expect(await publishedNow(resident(), {})).toMatchObject([{ id: draft.id }]);
    const open = await world.sql.many("select 1 from task where subject_id = $1 and state <> 'closed'", [draft.id]);
    expect(open).toEqual([]);
    await withdrawPublication(signer(), { id: draft.id, reason: "更正" });
    expect(await publishedNow(resident(), {})).toEqual([]);
    expect((await listPublications(writer(), {})).items).toMatchObject([{ state: "withdrawn", reason: "更正" }]);
  });

  it("PUB-2: refuses a notice that names a case", async () => {
    await inTx((tx) =>
      registerPeople(tx, {
        register: "test",
        people: [{ areaCode: village, name: "赵钱孙", sex: "male", birthDate: "1980-01-01", ref: "p1" }],
      }),
    );
    await world.sql.run(
      `insert into case_record (id, outbreak_id, person_id, area_code, state, provenance, in_community, source, positive_at,
         diagnosed_at, outcome, protocol_version, created_at)
       select gen_random_uuid(), $1, id, $2, 'confirmed', 'clinic', true, 'clinic', $3, $3, 'inCare', '9', $3 from person where ref = 'p1'`,
      [outbreakId, village, world.clock.now()],
    );
    const notice = (text: string) => ({
      areaCode: cao,
      title: { "zh-CN": "公告", en: "Notice" },
      body: { "zh-CN": text, en: "text" },
    });
    await expect(draftNotice(writer(), notice("感染者赵钱孙到过市场"))).rejects.toMatchObject({
      code: "rule.refused",
      params: { rule: "PUB-2", why: "personName" },
    });
    const { id } = await draftNotice(writer(), notice("到过某市场的请报告"));
    await submitPublication(writer(), { id });
    await signPublication(signer(), { id });
    expect(await publishedNow(resident(), { areaCode: village })).toMatchObject([{ id }]);
    expect(await publishedNow(resident(), { areaCode: "371702" })).toEqual([]);
  });

  it("PUB-5: a request is sealed, routed to the grid, answered by receipt, and late when it is", async () => {
    const asked = await askForHelp(resident(), {
      areaCode: village,
      kind: "dialysis",
      text: "每周三透析",
      phone: "13800001234",
    });
    expect(asked.dueAt).toBe("2022-07-24T04:30:00.000Z");
    const [row] = (await listRequests(world.ctx({ areaCode: cao }), {})).items;
    expect(row).toMatchObject({ kind: "dialysis", state: "asked", late: false });
    const id = row?.id ?? "";
    const stored = await world.sql.one<{ text: string }>("select row_to_json(r)::text as text from resident_request r");
    expect(stored.text).not.toContain("透析");
    expect(stored.text).not.toContain("13800001234");
    expect(await world.sql.many("select owner_team, due_at from task where subject_id = $1", [id])).toEqual([
      { owner_team: "grid", due_at: asked.dueAt },
    ]);
    await expect(getRequest(world.ctx(), { id })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect(await getRequest(world.ctx({ reason: "上门办理" }), { id })).toMatchObject({
      text: "每周三透析",
      phone: "13800001234",
    });
    expect((await listRequests(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
    await expect(answerRequest(world.ctx({ areaCode: "371702" }), { id, answer: "好的" })).rejects.toMatchObject({
      code: "record.notFound",
    });
    world.clock.forward(600);
    await answerRequest(world.ctx({ areaCode: cao }), { id, answer: "已接送", referred: true });
    expect((await requestStatus(resident(), asked)).state).toBe("referred");
    expect(await answerRequest(world.ctx({ areaCode: cao }), { id, answer: "已接送" })).toMatchObject({
      state: "answered",
      late: true,
    });
    expect(await confirmRequest(resident(), asked)).toMatchObject({ state: "confirmed", answer: "已接送" });
    expect(await world.sql.one("select state from task where subject_id = $1", [id])).toEqual({ state: "closed" });
    await expect(requestStatus(resident(), { receipt: "AAAAAAAAAA" })).rejects.toMatchObject({
      code: "record.notFound",
    });
  });

  it("PUB-6, PUB-3: a rumour is checked, signed by another and shown with its fact", async () => {
    const rumour = await recordRumour(writer(), { areaCode: cao, claim: "超市明天关门", seenWhere: "村民群" });
    const finding = {
      id: rumour.id,
      verdict: "false",
      fact: { "zh-CN": "正常营业", en: "Open as usual" },
      source: "商务局",
    };
    await checkRumour(writer(), finding);
    await expect(signRumour(writer(), rumour)).rejects.toMatchObject({ params: { rule: "PUB-3" } });
    await signRumour(signer(), rumour);
    expect(await answeredRumours(resident(), {})).toMatchObject([{ claim: "超市明天关门", verdict: "false" }]);
    await expect(checkRumour(writer(), finding)).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("refuses whoever lacks the permission", async () => {
    const nobody = world.ctx({ permissions: ["reports.public.read"] });
    await expect(draftBulletin(nobody, {})).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(listRequests(nobody, {})).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(recordRumour(nobody, { areaCode: cao, claim: "xxxx", seenWhere: "x" })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    const county = world.ctx({ areaCode: "371702" });
    await expect(recordRumour(county, { areaCode: cao, claim: "xxxx", seenWhere: "x" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
  });

  it("takes the good rows of a list of rumours and gives the bad ones back", async () => {
    const text = "区划代码,传言内容,出现场合\n371721,封路了,群\n371799,停水了,群\n371721,,群\n";
    const sheet = sheets[0];
    if (!sheet) throw new Error("the sheet of rumours is declared");
    const table = await readTable(Buffer.from(text), "csv");
    const tried = await importSheet(world.ctx(), sheet, table, true);
    expect(tried).toMatchObject({ rows: 3, taken: 1, bad: 2 });
    const before = await inTx(publicInformationTally);
    const done = await importSheet(world.ctx(), sheet, table, false);
    expect(done.faults).toEqual([
      { row: 3, field: "area code", message: "is no area of this system" },
      { row: 4, field: "claim", message: "must be filled in" },
    ]);
    expect(done.badRows).toContain("371799,停水了,群");
    const after = await inTx(publicInformationTally);
    expect(after).toMatchObject({ in: before.in + 1, open: before.open + 1, done: before.done });
    expect(after.late).toBeGreaterThanOrEqual(1);
  });
});
