import { openPool } from "#platform/db";

export const pool = openPool;
