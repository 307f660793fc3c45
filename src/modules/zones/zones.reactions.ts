import type { Provenance } from "#domain/outbreaks";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Bus, StoredEvent } from "#platform/events";
import { forgetCase, proposeForCase } from "./proposals.service.ts";

/** What this module reads of the events of cases. */
interface CaseFound {
  readonly caseId: string;
  readonly provenance: Provenance;
  readonly positiveAt?: string;
}

/** Registers what zones do when a case appears or goes. */
export function react(bus: Bus): void {
  bus.on<CaseFound>("cases.preliminary", "zones", proposeResidence);
  bus.on<CaseFound>("cases.diagnosed", "zones", proposeResidence);
  bus.on<{ caseId: string }>("cases.excluded", "zones", (tx, event) => forgetCase(tx, event.data.caseId));
}

/** A case's event stands in the village where the person lives: that is the place known at once. */
async function proposeResidence(tx: Tx, event: StoredEvent & { readonly data: CaseFound }): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined || outbreak.protocol.zones === null) return;
  const at = event.data.positiveAt ?? event.at;
  await proposeForCase(tx, {
    caseId: event.data.caseId,
    provenance: event.data.provenance,
    anchorAt: at,
    positiveAt: at,
    places: [
      {
        unit: "village",
        unitCode: event.areaCode,
        areaCode: event.areaCode,
        place: "residence",
        stayMinutes: 0,
        lastAt: at,
      },
    ],
  });
}
