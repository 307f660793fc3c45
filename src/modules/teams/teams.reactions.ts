import type { Bus } from "#platform/events";
import { settleCounties, type AnsweredPart } from "./callups.service.ts";

/** Registers what follows from answers: reactions run everywhere, so that a county's last answer closes its task. */
export function react(bus: Bus): void {
  bus.on<{ parts: readonly AnsweredPart[] }>("teams.answered", "teams", (tx, event) =>
    settleCounties(tx, event.data.parts),
  );
}
