import Type from "typebox";
import { sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import type { ModuleDef } from "#platform/module";
import {
  addAccountBy,
  blockAccount,
  changeAccount,
  listAccounts,
  listRoles,
  makeAccountToken,
  resetAccountPassword,
  searchAudit,
  systemHealth,
  unblockAccount,
  verifySeals,
} from "./admin.service.ts";

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Moment = Type.String({ format: "date-time", maxLength: 40 });
const Area = Type.String({ maxLength: 20 });
const Id = Type.Object({ id: Type.String({ format: "uuid" }) });
const Language = Type.Union([Type.Literal("zh-CN"), Type.Literal("en")]);
const Role = Type.String({ pattern: "^[a-zA-Z]{2,40}$" });
const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};

const AccountCard = Type.Object({
  id: Type.String(),
  login: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.String()),
  areaCode: Type.String(),
  language: Type.String(),
  createdAt: Type.String(),
  disabledAt: nullable(Type.String()),
  lastSeenAt: nullable(Type.String()),
  tokens: Type.Integer(),
});
const change = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  roles: Type.Array(Role, { minItems: 1, maxItems: 20 }),
  areaCode: Area,
  language: Language,
};
const AddAccount = Type.Object(
  { login: Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{2,39}$" }), ...change },
  { additionalProperties: false },
);
const ChangeAccount = Type.Object(change, { additionalProperties: false });
const Shown = Type.Object({ login: Type.String(), password: Type.String() });
const AuditLine = Type.Object({
  seq: Type.Integer(),
  at: Type.String(),
  actorName: Type.String(),
  action: Type.String(),
  subjectType: Type.String(),
  subjectId: Type.String(),
  areaCode: Type.String(),
  reason: nullable(Type.String()),
  count: Type.Integer(),
});
const Health = Type.Object({
  databaseVersion: Type.String(),
  databaseBytes: Type.Number(),
  migrations: Type.Object({ applied: Type.Integer(), missing: Type.Integer() }),
  audit: Type.Object({ rows: Type.Number(), unsealed: Type.Number(), sealedAt: nullable(Type.String()) }),
  sessions: Type.Integer(),
  connections: Type.Integer(),
  oldestTransactionAt: nullable(Type.String()),
  largestTables: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Number(), rows: Type.Number() })),
});

const tag = "accounts";
const accountRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/accounts",
    operationId: "listAccounts",
    tag,
    permission: listAccounts.def.permission,
    summary: "Accounts of an area by their log-ins",
    query: Type.Object({
      areaCode: Type.Optional(Area),
      role: Type.Optional(Role),
      state: Type.Optional(Type.Union([Type.Literal("active"), Type.Literal("blocked")])),
      sort: sorts("login", "name", "created", "seen"),
      ...paging,
    }),
    response: Type.Object({ items: Type.Array(AccountCard), next: nullable(Type.String()) }),
    handler: async (ctx, { query }) => {
      const page = await listAccounts(ctx, query);
      return { items: page.items.map((row) => ({ ...row, roles: [...row.roles] })), next: page.next };
    },
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/accounts",
    operationId: "addAccount",
    tag,
    permission: addAccountBy.def.permission,
    summary: "Add an account; the password is answered once",
    body: AddAccount,
    response: Shown,
    handler: (ctx, { body }) => addAccountBy(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/accounts/:id/change",
    operationId: "changeAccount",
    tag,
    permission: changeAccount.def.permission,
    summary: "Change an account's name, roles, area and language",
    params: Id,
    body: ChangeAccount,
    response: AccountCard,
    handler: async (ctx, { params, body }) => {
      const card = await changeAccount(ctx, { ...params, ...body });
      return { ...card, roles: [...card.roles] };
    },
  }),
  ...(["block", "unblock"] as const).map((verb) =>
    defineRoute({
      method: "POST",
      url: `/api/v1/accounts/:id/${verb}`,
      operationId: `${verb}Account`,
      tag,
      permission: blockAccount.def.permission,
      summary:
        verb === "block" ? "Block an account; its sessions and tokens end at once" : "Let a blocked account in again",
      params: Id,
      response: AccountCard,
      handler: async (ctx, { params }) => {
        const card = await (verb === "block" ? blockAccount : unblockAccount)(ctx, params);
        return { ...card, roles: [...card.roles] };
      },
    }),
  ),
  defineRoute({
    method: "POST",
    url: "/api/v1/accounts/:id/password",
    operationId: "resetAccountPassword",
    tag,
    permission: resetAccountPassword.def.permission,
    summary: "Give an account a new password; it is answered once and its sessions end",
    params: Id,
    response: Shown,
    handler: (ctx, { params }) => resetAccountPassword(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/accounts/:id/token",
    operationId: "makeAccountToken",
    tag,
    permission: makeAccountToken.def.permission,
    summary: "Make an API token for an account; it is answered once",
    params: Id,
    body: Type.Object({ label: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false }),
    response: Type.Object({ token: Type.String() }),
    handler: (ctx, { params, body }) => makeAccountToken(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/roles",
    operationId: "listRoles",
    tag,
    permission: listRoles.def.permission,
    summary: "Which role may do what",
    response: Type.Object({
      items: Type.Array(Type.Object({ role: Type.String(), permissions: Type.Array(Type.String()) })),
    }),
    handler: async (ctx) => ({ items: await listRoles(ctx, undefined) }),
  }),
];

const systemRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/audit",
    operationId: "searchAudit",
    tag,
    permission: searchAudit.def.permission,
    summary: "The audit of an area, the latest first",
    query: Type.Object({
      areaCode: Type.Optional(Area),
      actor: Type.Optional(Type.String({ maxLength: 100 })),
      action: Type.Optional(Type.String({ maxLength: 100 })),
      from: Type.Optional(Moment),
      to: Type.Optional(Moment),
      reasoned: Type.Optional(Type.Boolean()),
      sort: sorts("at"),
      ...paging,
    }),
    response: Type.Object({ items: Type.Array(AuditLine), next: nullable(Type.String()) }),
    handler: (ctx, { query }) => searchAudit(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/audit/verdict",
    operationId: "verifyAudit",
    tag,
    permission: "audit.log.verify",
    summary: "Recompute every seal of the audit",
    response: Type.Object({
      blocks: Type.Integer(),
      rows: Type.Integer(),
      unsealed: Type.Integer(),
      brokenBlock: nullable(Type.Integer()),
    }),
    handler: (ctx) => verifySeals(ctx),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/health",
    operationId: "systemHealth",
    tag,
    permission: systemHealth.def.permission,
    summary: "How the installation stands",
    response: Health,
    handler: async (ctx) => {
      const health = await systemHealth(ctx, undefined);
      return { ...health, largestTables: [...health.largestTables] };
    },
  }),
];

/** Accounts, audit and health: what belongs to the installation rather than to the outbreak. */
export const module: ModuleDef = {
  name: "accounts",
  permissions: ["accounts.account.read", "platform.health.read"],
  register: () => undefined,
  routes: [...accountRoutes, ...systemRoutes],
};
