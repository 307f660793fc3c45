import type { Sql } from "#platform/db";

export type S = Sql;
