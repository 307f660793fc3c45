import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wallClock } from "#platform/clocks";
import { defineRoute } from "#platform/http";
import { createLog } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import type { ModuleDef } from "#platform/module";
import { testWorld, type TestWorld } from "#platform/testing";
import { buildApp } from "./app.ts";
import { publicPages } from "./front.ts";
import { identifier } from "./identity.ts";
import { allPermissions } from "./modules.ts";
import { permissionTable } from "./roles.ts";

const route = (method: "GET" | "POST", url: string, title?: { "zh-CN": string; en: string }) =>
  defineRoute({
    method,
    url,
    operationId: "probe",
    summary: "Ask for help",
    ...(title ? { title } : {}),
    tag: "probe",
    permission: { public: "a probe of the public pages" },
    response: null,
    handler: async (ctx) => ({ contentType: "text/html; charset=utf-8", text: `${ctx.lang} ${ctx.actor.id}` }),
  });

const probe: ModuleDef = {
  name: "probe",
  permissions: [],
  register() {},
  routes: [route("GET", "/public/help", { "zh-CN": "求助", en: "Help" }), route("POST", "/public/help")],
};

describe("the public front page", () => {
  let world: TestWorld;
  let app: FastifyInstance;
  beforeAll(async () => {
    world = await testWorld({ modules: [probe] });
    const permissionsOf = permissionTable(allPermissions([probe]));
    app = await buildApp({
      context: {
        pool: world.pool,
        services: world.ctx().services,
        clock: world.clock,
        wall: wallClock,
        permissionsOf,
        options: { secureCookies: false, webFolder: null },
        identify: identifier(world.pool, permissionsOf, wallClock),
      },
      modules: [probe],
      log: createLog("silent"),
      metrics: createMetrics(),
      stream: null,
      ready: () => Promise.resolve(true),
    });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  it("links the pages a resident can open, in the language of the link or of the browser", async () => {
    const english = await app.inject({ url: "/public?lang=en", headers: { "accept-language": "zh-CN" } });
    expect(english.statusCode).toBe(200);
    expect(english.headers["content-type"]).toContain("text/html");
    expect(english.body).toContain('<a href="/public/help?lang=en">Help</a>');
    expect(english.body).not.toContain("DRILL");
    const chinese = await app.inject({ url: "/public", headers: { "accept-language": "zh-CN,zh;q=0.9" } });
    expect(chinese.body).toContain('<a href="/public/help?lang=zh-CN">求助</a>');
  });

  it("a public page speaks the language of its link, and a posted form is read without a script", async () => {
    const got = await app.inject({ url: "/public/help?lang=en", headers: { "accept-language": "zh-CN" } });
    expect(got.body).toBe("en resident");
    const sent = await app.inject({
      method: "POST",
      url: "/public/help?lang=zh-CN",
      headers: { "accept-language": "en", "content-type": "application/x-www-form-urlencoded" },
      payload: "name=x",
    });
    expect(sent.body).toBe("zh-CN resident");
  });

  it("lists neither forms to post nor pages of one record, and falls back to the summary", () => {
    expect(publicPages([...probe.routes, route("GET", "/public/pass/:number"), route("GET", "/public/board")])).toEqual(
      [
        { url: "/public/help", title: { "zh-CN": "求助", en: "Help" } },
        { url: "/public/board", title: { "zh-CN": "Ask for help", en: "Ask for help" } },
      ],
    );
  });
});
