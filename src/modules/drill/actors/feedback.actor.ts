import type { ControlMode } from "#sim/engine";
import { personIndexOf, type DrillActor, type Hand } from "../hand.ts";

/** What an order of isolation does to a person's contacts once it has begun. */
const modeOf: Readonly<Record<string, ControlMode>> = {
  central: "centralQuarantine",
  home: "homeQuarantine",
  homeMonitor: "homeQuarantine",
  fangcang: "hospital",
  hospital: "hospital",
};

function set(hand: Hand, personIds: readonly number[], mode: ControlMode, onlyFrom?: readonly ControlMode[]): void {
  for (const id of personIds) {
    const person = personIndexOf(id);
    if (onlyFrom && !onlyFrom.includes(hand.engine.controlOf(person))) continue;
    hand.engine.setControl(person, mode, hand.minute);
  }
}

/**
 * What the system does changes the epidemic, and nothing else does: holds, journeys, rooms, releases and
 * zones are heard as events and become controls of the engine at that minute.
 */
export const feedbackActor: DrillActor = {
  name: "feedback",
  items: {},
  events: {
    "cases.held": (hand, event) => set(hand, (event.data as { personIds: number[] }).personIds, "held", ["free"]),
    "cases.holdLifted": (hand, event) => set(hand, (event.data as { personIds: number[] }).personIds, "free", ["held"]),
    // A person who is told that they will be fetched stays at home until then.
    "isolation.ordered": (hand, event) =>
      set(
        hand,
        (event.data as { orders: { personId: number }[] }).orders.map((order) => order.personId),
        "held",
        ["free"],
      ),
    "isolation.departed": (hand, event) =>
      set(hand, (event.data as { personIds: number[] }).personIds, "centralQuarantine", [
        "free",
        "held",
        "homeQuarantine",
      ]),
    "isolation.placed": (hand, event) => {
      for (const order of (event.data as { orders: { personId: number; mode: string }[] }).orders)
        set(hand, [order.personId], modeOf[order.mode] ?? "homeQuarantine");
    },
    "isolation.released": (hand, event) => set(hand, (event.data as { personIds: number[] }).personIds, "free"),
    "zones.published": (hand, event) => changeZone(hand, event.data as ZoneChange),
    "zones.levelChanged": (hand, event) => changeZone(hand, event.data as ZoneChange),
  },
};

interface ZoneChange {
  readonly unitCode: string;
  readonly level?: "high" | "medium" | "low";
  readonly to?: "high" | "medium" | "low" | null;
}

function changeZone(hand: Hand, change: ZoneChange): void {
  const level = change.level ?? change.to ?? null;
  // A zone around a venue changes nothing for the village as a whole.
  if (!hand.city.villages.some((village) => village.code === change.unitCode)) return;
  if (level === null || level === "low") delete hand.memory.zoneLevels[change.unitCode];
  else hand.memory.zoneLevels[change.unitCode] = level;
  hand.engine.setVillageControl(change.unitCode, level ?? "none", hand.minute);
}
