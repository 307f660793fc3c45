import { findCurrentOutbreak, type ResponseLevelChanged } from "#modules/outbreaks";
import type { Bus } from "#platform/events";
import type { BriefingHeld } from "./command.model.ts";
import { relayToAll } from "./directives.service.ts";
import { askForMinutes } from "./minutes.service.ts";
import { levelDirective } from "./orders.rules.ts";
import { proposeSuspension } from "./reopening.service.ts";

/** A new level reaches every county as a directive; a briefing wants minutes; a find asks whether to close again. */
export function registerOrders(bus: Bus): void {
  // spec: DIR-5
  bus.on<ResponseLevelChanged>("outbreaks.responseLevelChanged", "command", async (tx, event) => {
    const outbreak = await findCurrentOutbreak(tx);
    if (outbreak === undefined) return;
    const texts = levelDirective(outbreak.protocol, event.data.from, event.data.to);
    await relayToAll(tx, outbreak, { kind: "level", issuedBy: outbreak.name, ...texts, receivedAt: tx.now });
  });
  bus.on<BriefingHeld>("command.briefingHeld", "command", async (tx, event) => {
    const outbreak = await findCurrentOutbreak(tx);
    if (outbreak !== undefined) await askForMinutes(tx, outbreak, event.subjectId, event.data.no);
  });
  // spec: REO-3
  bus.on("cases.preliminary", "command", async (tx, event) => {
    const outbreak = await findCurrentOutbreak(tx);
    if (outbreak !== undefined) await proposeSuspension(tx, outbreak, event.areaCode);
  });
}
