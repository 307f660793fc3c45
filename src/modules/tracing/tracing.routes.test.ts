import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diagnoseCase, module as cases } from "#modules/cases";
import { routes } from "./tracing.routes.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

/** Serves the routes as the server does: their own schemas check what comes in and name what goes out. */
function serve(world: TracingWorld): FastifyInstance {
  const app = fastify();
  for (const route of [...cases.routes, ...routes]) {
    const { method, url, params, query, body, response } = route;
    app.route({
      method,
      url,
      schema: {
        ...(params ? { params } : {}),
        ...(query ? { querystring: query } : {}),
        ...(body ? { body } : {}),
        ...(response ? { response: { 200: response } } : {}),
      },
      handler: (request) =>
        route.handler(world.ctx({ reason: "test" }), {
          params: request.params,
          query: request.query,
          body: request.body,
        }),
    });
  }
  return app;
}

describe("the routes of cases and tracing", () => {
  let world: TracingWorld;
  let app: FastifyInstance;
  let caseId: string;
  const get = async (url: string): Promise<Record<string, unknown>> => {
    const answer = await app.inject({ method: "GET", url });
    expect(answer.statusCode, `${url} ${answer.body}`).toBe(200);
    return answer.json();
  };
  beforeAll(async () => {
    world = await tracingWorld();
    app = serve(world);
    const ids = await world.people(
      ["a", "b", "c"].map((ref) => ({ ref, name: ref, areaCode: "371721123201", household: "h" })),
    );
    caseId = await world.positive(ids[0] as number);
    await diagnoseCase(world.ctx(), { caseId, facts: { natPositive: true } });
    const members = ids.slice(1);
    await world.tell("screening.tubePositive", {
      tubeId: 7,
      barcode: "T7",
      kind: "pool",
      purpose: "area",
      recheckOf: null,
      roundId: "00000000-0000-7000-8000-000000000001",
      size: 2,
      personIds: members,
      ctN: 30.5,
      ctOrf: null,
      collectedAt: world.clock.now(),
      resultedAt: world.clock.now(),
      labId: "00000000-0000-7000-8000-000000000002",
    });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  it("write through their schemas and refuse what is not in them", async () => {
    const found = await app.inject({ method: "POST", url: `/api/v1/cases/${caseId}/contacts`, payload: {} });
    expect(found.json()).toEqual({ close: 2, secondary: 0, general: 0 });
    const wrong = await app.inject({
      method: "POST",
      url: `/api/v1/cases/${caseId}/outcome`,
      payload: { outcome: "fled" },
    });
    expect(wrong.statusCode).toBe(400);
  });

  it("read the lists and their rows", async () => {
    const list = (await get("/api/v1/cases?limit=5")) as { items: { id: string; number: string }[] };
    expect(list.items).toMatchObject([
      { id: caseId, number: "Asymptomatic infection 1", positiveAt: world.clock.now() },
    ]);
    expect(await get(`/api/v1/cases/${caseId}`)).toMatchObject({ facts: { natPositive: true }, reclassifications: [] });
    expect(await get(`/api/v1/cases/${caseId}/person`)).toMatchObject({ name: "a" });
    expect(await get("/api/v1/cases/curve")).toMatchObject({ days: [{ byReport: { asymptomatic: 1, confirmed: 0 } }] });
    expect(await get("/api/v1/cases/delays?from=positive&to=diagnosed")).toMatchObject({ n: 1 });
    expect(await get("/api/v1/positive-tubes?state=open")).toMatchObject({
      items: [{ id: 7, ctN: 30.5, ctOrf: null, held: 2 }],
    });
    expect(await get("/api/v1/tubes/7/positive")).toMatchObject({
      tube: { barcode: "T7" },
      members: [{ personName: "b**" }, { personName: "c**" }],
    });
  });

  it("read contacts, investigations and chains", async () => {
    const list = (await get("/api/v1/contacts?kind=close")) as { items: { id: string }[] };
    expect(list.items).toHaveLength(2);
    expect(await get(`/api/v1/contacts/${list.items[0]?.id}`)).toMatchObject({
      kind: "close",
      exposures: [{ ruleId: "CC", source: "household" }],
    });
    expect(await get("/api/v1/investigations")).toMatchObject({ items: [{ caseId, closeFound: 2 }] });
    expect(await get(`/api/v1/cases/${caseId}/tracks`)).toMatchObject({ items: [{ setting: "household" }] });
    expect(await get("/api/v1/hand-overs")).toEqual({ items: [], next: null });
    expect(await get("/api/v1/chains")).toMatchObject({
      nodes: [{ id: caseId, generation: 0 }],
      clusters: [{ size: 1 }],
    });
  });
});
