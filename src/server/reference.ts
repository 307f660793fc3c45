import { errorCatalogue, type ErrorRow } from "#kernel/errors";
import type { ModuleDef } from "#platform/module";
import { modules, allPermissions } from "./modules.ts";
import { permissionTable, roleTable } from "./roles.ts";

const made = "<!-- Made by `npm run wuyang -- docs` from the code; a test proves it fresh. -->";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The catalogue of errors as a page. */
export function errorsPage(catalogue: Readonly<Record<string, ErrorRow>> = errorCatalogue): string {
  const lines = Object.entries(catalogue)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, next }]) =>
        `| <a id="${code}"></a>\`${code}\` | ${status} | ${cell(title.en)}<br>${cell(title["zh-CN"])} | ${cell(next.en)}<br>${cell(next["zh-CN"])} |`,
    );
  return [
    made,
    "",
    "# Errors 错误",
    "",
    "Every refusal of the API is `application/problem+json` (RFC 9457) with one of these codes, a title, and what to do",
    "next, in the language of `Accept-Language`. Words in braces are filled in for the case at hand. `requestId` is what the",
    "log holds of the request; no answer and no log line repeats personal data.",
    "",
    "| code | status | title 标题 | what to do 处理办法 |",
    "| --- | --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
}

/** Which role holds which permission, and which routes ask for it, as a page. */
export function permissionsPage(): string {
  const all = allPermissions(modules);
  const permissionsOf = permissionTable(all);
  const roles = Object.keys(roleTable).filter((role) => role !== "system");
  const routes = modules.flatMap((module) => module.routes);
  const holders = (permission: string) =>
    roles.filter((role) => role !== "admin" && permissionsOf([role]).has(permission)).join(", ");
  const operations = (permission: string) =>
    routes
      .filter((route) => route.permission === permission)
      .map((route) => `\`${route.operationId}\``)
      .toSorted()
      .join(" ");
  return [
    made,
    "",
    "# Permissions and roles 权限与角色",
    "",
    "A use case asks for one permission, then checks that the area acted upon lies in the account's jurisdiction; the",
    "database's row-level security checks the area again. `admin` holds every permission.",
    "",
    "| permission | roles that hold it | operations that ask for it |",
    "| --- | --- | --- |",
    ...all.toSorted().map((name) => `| \`${name}\` | ${holders(name) || "–"} | ${operations(name) || "–"} |`),
    "",
    "## Roles",
    "",
    "| role | what its permissions are made of |",
    "| --- | --- |",
    ...roles.map((role) => `| ${role} | ${(roleTable[role] ?? []).map((glob) => `\`${glob}\``).join(" ")} |`),
    "",
  ].join("\n");
}

/** Every operation of the API as a page; the whole OpenAPI document is served at /docs/api. */
export function operationsPage(): string {
  const section = ({ name, routes }: ModuleDef): string[] =>
    routes.length === 0
      ? []
      : [
          `## ${name}`,
          "",
          "| operation | route | what it does | permission |",
          "| --- | --- | --- | --- |",
          ...routes.map(
            ({ operationId, method, url, summary, permission }) =>
              `| \`${operationId}\` | ${method} ${url} | ${cell(summary)} | ${typeof permission === "string" ? `\`${permission}\`` : permission.public} |`,
          ),
          "",
        ];
  return [
    made,
    "",
    "# Operations of the API 接口",
    "",
    "Parameters, bodies and answers stand in the OpenAPI 3.1 document that a running server shows at `/docs/api` (as JSON at",
    "`/docs/api/json`). Log in with `POST /api/v1/session`, or send `Authorization: Bearer <token>`; a write carries an",
    "`Idempotency-Key`, a read of personal data an `X-Reason` (percent-encoded).",
    "",
    ...modules.flatMap(section),
  ].join("\n");
}

/** Every page of docs/reference by its file name. */
export function referencePages(): Record<string, string> {
  return {
    "errors.md": errorsPage(),
    "permissions.md": permissionsPage(),
    "operations.md": operationsPage(),
  };
}
