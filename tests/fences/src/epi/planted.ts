import type { Protocol } from "#domain/outbreaks";

export type P = Protocol;
