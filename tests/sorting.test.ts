import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importOfficialAreas } from "#modules/areas";
import { openResponse } from "#modules/command";
import type { Ctx } from "#platform/context";
import type { Route } from "#platform/http";
import type { Page } from "#platform/paging";
import { testWorld, type TestWorld } from "#platform/testing";
import { allPermissions, modules } from "#server/modules";
import { fillLists } from "./setup/rows.ts";

/** Every list of the API that can be sorted, with its orders one way. */
const lists = modules
  .flatMap((module) => module.routes)
  .flatMap((route) => {
    const query = route.query as { readonly properties?: { readonly sort?: { readonly enum?: readonly string[] } } };
    const sorts = (query?.properties?.sort?.enum ?? []).filter((sort) => !sort.startsWith("-"));
    return sorts.map((sort) => [route.operationId, sort, route] as const);
  });

/** What a list cannot be asked for without. */
const needed: Readonly<Record<string, object>> = { listReleases: { group: "contacts" } };
const rowsOfLargest = 240;
const pageSize = 23;
const pagesMax = 100;

let world: TestWorld;
let roundId: string;

async function pageOf(ctx: Ctx, route: Route, query: object): Promise<Page<object>> {
  return (await route.handler(ctx, {
    params: { id: roundId },
    query: { limit: pageSize, ...needed[route.operationId], ...query },
    body: undefined,
  })) as Page<object>;
}

/** Every row of a list, page by page. */
async function walked(ctx: Ctx, route: Route, sort: string): Promise<string[]> {
  const rows: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const page = await pageOf(ctx, route, { sort, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...page.items.map((row) => JSON.stringify(row)));
    if (page.next === null) return rows;
    cursor = page.next;
  }
  throw new Error(`${route.operationId} by ${sort} does not end`);
}

describe("lists that sort", () => {
  beforeAll(async () => {
    world = await testWorld({ modules });
    const ctx = world.ctx({ permissions: allPermissions(modules) });
    await importOfficialAreas(ctx, { code: "3717" });
    const { id } = await openResponse(ctx, {
      name: "排序",
      nameEn: "Sorting",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    const areas = await world.sql.many<{ code: string }>(
      "select code from area where length(code) >= 9 order by code limit 60",
    );
    await fillLists(
      world.sql,
      rowsOfLargest,
      areas.map(({ code }) => code),
      id,
    );
    roundId = (await world.sql.one<{ id: string }>("select round_id::text as id from coverage limit 1")).id;
  });
  afterAll(() => world?.close());

  it("are many", () => {
    expect(new Set(lists.map(([operation]) => operation)).size).toBeGreaterThanOrEqual(28);
  });

  it.each(lists)(
    "%s by %s: each row once, and the other way round the same rows backwards",
    async (_name, sort, route) => {
      const ctx = world.ctx({ permissions: allPermissions(modules), reason: "sorting", areaCode: "3717" });
      const up = await walked(ctx, route, sort);
      expect(up.length).toBeGreaterThan(pageSize);
      expect(new Set(up).size).toBe(up.length);
      expect(await walked(ctx, route, `-${sort}`)).toEqual(up.toReversed());
    },
  );

  it.each(lists)("%s by %s: a cursor of one way is refused the other way", async (_name, sort, route) => {
    const ctx = world.ctx({ permissions: allPermissions(modules), reason: "sorting", areaCode: "3717" });
    const { next } = await pageOf(ctx, route, { sort });
    expect(next).not.toBeNull();
    await expect(pageOf(ctx, route, { sort: `-${sort}`, cursor: next })).rejects.toMatchObject({
      code: "request.invalid",
    });
  });
});
