import Type from "typebox";
import { sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import type { ModuleDef } from "#platform/module";
import {
  addAccountBy,
  blockAccount,
  changeAccount,
  endAccountToken,
  listAccounts,
  listAccountTokens,
  listRoles,
  makeAccountToken,
  resetAccountPassword,
  unblockAccount,
} from "./admin.service.ts";
import { systemRoutes } from "./system.routes.ts";
import { NewToken, TokenShape } from "./tokens.model.ts";

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
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
    body: NewToken,
    response: Type.Object({ token: Type.String() }),
    handler: (ctx, { params, body }) => makeAccountToken(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/accounts/:id/tokens",
    operationId: "listAccountTokens",
    tag,
    permission: listAccountTokens.def.permission,
    summary: "The API tokens of an account, without the tokens themselves",
    params: Id,
    response: Type.Object({ items: Type.Array(TokenShape) }),
    handler: (ctx, { params }) => listAccountTokens(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/accounts/:id/tokens/:tokenId/end",
    operationId: "endAccountToken",
    tag,
    permission: endAccountToken.def.permission,
    summary: "End one API token of an account at once",
    params: Type.Object({ id: Type.String({ format: "uuid" }), tokenId: Type.String({ format: "uuid" }) }),
    response: Type.Object({ id: Type.String() }),
    handler: (ctx, { params }) => endAccountToken(ctx, params),
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

/** Accounts, audit and health: what belongs to the installation rather than to the outbreak. */
export const module: ModuleDef = {
  name: "accounts",
  permissions: ["accounts.account.read", "platform.health.read"],
  register: () => undefined,
  routes: [...accountRoutes, ...systemRoutes],
};
