import type { Zone } from "../zones/zones.model.ts";
import { buildApp } from "#server/app";

export type Z = Zone;
export const app = buildApp;
