import { eventNames } from "./desk.events.rules.ts";

export * from "./desk.events.rules.ts";
export * from "./desk.model.ts";
export * from "./desk.rules.ts";

export const vocabulary = { event: eventNames } as const;
