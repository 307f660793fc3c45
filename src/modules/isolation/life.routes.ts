import Type from "typebox";
import { nullable, oneOf, page, sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { dutyPhone, listDuties, nameDuties } from "./duty.service.ts";
import { siteKinds } from "./isolation.model.ts";
import {
  CheckAnswer,
  CheckRow,
  DutyRow,
  dutyRoles,
  LifeEvent,
  LogRow,
  Outlook,
  SiteCard,
  siteLives,
  StaffRow,
  workZones,
} from "./life.model.ts";
import {
  checkSite,
  finishConversion,
  listSiteLives,
  openBeds,
  orderConversion,
  sendSiteBack,
  siteRecord,
  standDownSite,
} from "./life.service.ts";
import { outlook } from "./outlook.service.ts";
import { Area, Day, Id, pageQuery, Uuid } from "./shapes.model.ts";
import { enterLogs, listLogs, listStaff, missingLogs, recordStaffTests, registerStaff } from "./staff.service.ts";

const tag = "isolation";
const rowsMax = 2_000;
const Note = Type.Object({ note: Type.Optional(Type.String({ maxLength: 500 })) });
const Name = Type.String({ minLength: 1, maxLength: 60 });
const Whole = Type.Integer({ minimum: 0, maximum: 1_000_000 });

const lifeRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/site-lives",
    operationId: "listSiteLives",
    tag,
    permission: listSiteLives.def.permission,
    summary: "Sites by the step of their life, with leader, officer and deadline",
    query: Type.Object({
      ...pageQuery,
      kind: Type.Optional(oneOf(siteKinds)),
      state: Type.Optional(oneOf(siteLives)),
      overdue: Type.Optional(Type.Boolean()),
      sort: sorts("area", "due", "free", "rooms"),
    }),
    response: page(SiteCard),
    handler: (ctx, { query: { state, ...query } }) =>
      listSiteLives(ctx, { ...query, ...(state ? { life: state } : {}) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-lives/:id",
    operationId: "getSiteRecord",
    tag,
    permission: siteRecord.def.permission,
    summary: "One site: its life, its check-list, its posts",
    params: Id,
    response: Type.Object({
      site: SiteCard,
      events: Type.Array(LifeEvent),
      checks: Type.Array(CheckRow),
      missing: Type.Array(Type.String()),
      duties: Type.Array(DutyRow),
    }),
    handler: (ctx, { params }) => siteRecord(ctx, { siteId: params.id }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/order",
    operationId: "orderConversion",
    tag,
    permission: orderConversion.def.permission,
    summary: "Order the conversion of a building or the building of a fangcang phase",
    params: Id,
    body: Note,
    response: SiteCard,
    handler: (ctx, { params, body }) => orderConversion(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/converted",
    operationId: "finishConversion",
    tag,
    permission: finishConversion.def.permission,
    summary: "Report a conversion as finished",
    params: Id,
    body: Note,
    response: SiteCard,
    handler: (ctx, { params, body }) => finishConversion(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/check",
    operationId: "checkSite",
    tag,
    permission: checkSite.def.permission,
    summary: "Answer items of the list of three zones and two passages",
    params: Id,
    body: Type.Object({ items: Type.Array(CheckAnswer, { minItems: 1, maxItems: 200 }) }),
    response: Type.Object({ site: SiteCard, missing: Type.Array(Type.String()) }),
    handler: (ctx, { params, body }) => checkSite(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/send-back",
    operationId: "sendSiteBack",
    tag,
    permission: sendSiteBack.def.permission,
    summary: "Send a site whose list is not met back to the builders",
    params: Id,
    body: Type.Object({ note: Type.String({ minLength: 2, maxLength: 500 }) }),
    response: SiteCard,
    handler: (ctx, { params, body }) => sendSiteBack(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/beds",
    operationId: "openBeds",
    tag,
    permission: openBeds.def.permission,
    summary: "Open the next batch of beds",
    params: Id,
    body: Type.Object({ beds: Type.Integer({ minimum: 1, maximum: 100_000 }) }),
    response: Type.Object({ opened: Type.Integer() }),
    handler: (ctx, { params, body }) => openBeds(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/stand-down",
    operationId: "standDownSite",
    tag,
    permission: standDownSite.def.permission,
    summary: "Stand a cleaned site down",
    params: Id,
    body: Note,
    response: SiteCard,
    handler: (ctx, { params, body }) => standDownSite(ctx, { siteId: params.id, ...body }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-outlook",
    operationId: "siteOutlook",
    tag,
    permission: outlook.def.permission,
    summary: "When rooms run out, by county and city, with and without the conversions in hand",
    query: Type.Object({ areaCode: Type.Optional(Area) }),
    response: Type.Object({ items: Type.Array(Outlook) }),
    handler: (ctx, { query }) => outlook(ctx, query),
  }),
];

const Post = Type.Object({
  role: oneOf(dutyRoles),
  name: Name,
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 40 })),
});
const Log = Type.Object({
  day: Day,
  cameIn: Whole,
  wentOut: Whole,
  present: Whole,
  incidents: Whole,
  note: Type.Optional(Type.String({ maxLength: 1_000 })),
});

const dutyRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/posts",
    operationId: "nameSiteDuty",
    tag,
    permission: nameDuties.def.permission,
    summary: "Name a person for one post of a site",
    params: Id,
    body: Post,
    response: Type.Object({ named: Type.Integer() }),
    handler: (ctx, { params, body }) => nameDuties(ctx, { duties: [{ siteId: params.id, ...body }] }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-lives/:id/log",
    operationId: "enterSiteLog",
    tag,
    permission: enterLogs.def.permission,
    summary: "Enter the daily log of one site",
    params: Id,
    body: Log,
    response: Type.Object({ entered: Type.Integer(), corrected: Type.Integer() }),
    handler: (ctx, { params, body }) => enterLogs(ctx, { logs: [{ siteId: params.id, ...body }] }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-duties",
    operationId: "listSiteDuties",
    tag,
    permission: listDuties.def.permission,
    summary: "Who answers for sites, who is stationed there, who leads their groups",
    query: Type.Object({ ...pageQuery, role: Type.Optional(oneOf(dutyRoles)) }),
    response: page(DutyRow),
    handler: (ctx, { query }) => listDuties(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-duties",
    operationId: "nameSiteDuties",
    tag,
    permission: nameDuties.def.permission,
    summary: "Name people for the posts of sites",
    body: Type.Object({
      duties: Type.Array(Type.Object({ siteId: Uuid, ...Post.properties }), { minItems: 1, maxItems: rowsMax }),
    }),
    response: Type.Object({ named: Type.Integer() }),
    handler: (ctx, { body }) => nameDuties(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-duties/:id/phone",
    operationId: "siteDutyPhone",
    tag,
    permission: dutyPhone.def.permission,
    summary: "The telephone of a post, for a purpose",
    params: Id,
    response: Type.Object({ name: Type.String(), role: oneOf(dutyRoles), phone: nullable(Type.String()) }),
    handler: (ctx, { params }) => dutyPhone(ctx, { dutyId: params.id }),
  }),
];

const dayRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/site-logs",
    operationId: "listSiteLogs",
    tag,
    permission: listLogs.def.permission,
    summary: "Daily logs of sites",
    query: Type.Object({ ...pageQuery, siteId: Type.Optional(Uuid), day: Type.Optional(Day) }),
    response: page(LogRow),
    handler: (ctx, { query }) => listLogs(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-logs",
    operationId: "enterSiteLogs",
    tag,
    permission: enterLogs.def.permission,
    summary: "Enter daily logs",
    body: Type.Object({
      logs: Type.Array(Type.Object({ siteId: Uuid, ...Log.properties }), { minItems: 1, maxItems: rowsMax }),
    }),
    response: Type.Object({ entered: Type.Integer(), corrected: Type.Integer() }),
    handler: (ctx, { body }) => enterLogs(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-logs/missing",
    operationId: "missingSiteLogs",
    tag,
    permission: missingLogs.def.permission,
    summary: "Open sites without a log of a day",
    query: Type.Object({ ...pageQuery, day: Type.Optional(Day) }),
    response: Type.Object({
      day: Type.String(),
      items: Type.Array(
        Type.Object({
          siteId: Type.String(),
          siteName: Type.String(),
          siteNameEn: nullable(Type.String()),
          areaCode: Type.String(),
        }),
      ),
      next: nullable(Type.String()),
    }),
    handler: (ctx, { query }) => missingLogs(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/site-staff",
    operationId: "listSiteStaff",
    tag,
    permission: listStaff.def.permission,
    summary: "Staff of sites with the day of their next test",
    query: Type.Object({ ...pageQuery, siteId: Type.Optional(Uuid), overdue: Type.Optional(Type.Boolean()) }),
    response: page(StaffRow),
    handler: (ctx, { query }) => listStaff(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-staff",
    operationId: "registerSiteStaff",
    tag,
    permission: registerStaff.def.permission,
    summary: "Register staff by the zone they work in",
    body: Type.Object({
      staff: Type.Array(Type.Object({ siteId: Uuid, code: Name, zone: oneOf(workZones) }), {
        minItems: 1,
        maxItems: rowsMax,
      }),
    }),
    response: Type.Object({ registered: Type.Integer(), known: Type.Integer() }),
    handler: (ctx, { body }) => registerStaff(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/site-staff/tests",
    operationId: "recordSiteStaffTests",
    tag,
    permission: recordStaffTests.def.permission,
    summary: "File tests of staff",
    body: Type.Object({
      tests: Type.Array(Type.Object({ staffId: Uuid, result: oneOf(["negative", "positive"] as const) }), {
        minItems: 1,
        maxItems: rowsMax,
      }),
    }),
    response: Type.Object({ filed: Type.Integer(), positive: Type.Integer() }),
    handler: (ctx, { body }) => recordStaffTests(ctx, body),
  }),
];

export const siteLifeRoutes: readonly Route[] = [...lifeRoutes, ...dutyRoutes, ...dayRoutes];
