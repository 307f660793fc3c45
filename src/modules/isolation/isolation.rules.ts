import type { Assignment, OrderMode, RoomKind } from "./isolation.model.ts";
import { createPicker, type FreeRoom, type Picker } from "./rooms.rules.ts";

/** Who goes where: a pure function of the waiting orders and the free rooms, with the reason for each. */

/** Numbers of the local practice; the protocol holds those of the disease. */
export interface AllocationPolicy {
  /** From this age on an accessible room is preferred. */
  readonly accessibleAgeMin: number;
  /** Who can look after another: neither a minor nor elderly nor ill (domain.md §1.4, special cases). */
  readonly carerAgeMin: number;
  readonly carerAgeMax: number;
  /** Fangcang takes those who look after themselves (domain.md §3.2). */
  readonly fangcangAgeMin: number;
  readonly fangcangAgeMax: number;
  /** The day in care on which exit tests begin; a clinical custom, not in the protocol. */
  readonly exitTestFromDay: number;
}

export const allocationPolicy: AllocationPolicy = {
  accessibleAgeMin: 80,
  carerAgeMin: 18,
  carerAgeMax: 59,
  fangcangAgeMin: 18,
  fangcangAgeMax: 65,
  exitTestFromDay: 6,
};

/** Who may stay at home with a carer; from the protocol. */
export interface HomeExceptions {
  readonly rule: string;
  readonly ageMax: number;
  readonly conditions: readonly string[];
}

export interface WaitingOrder {
  readonly orderId: string;
  readonly personId: number;
  readonly householdId: number | null;
  readonly age: number | null;
  readonly needs: readonly string[];
  readonly category: "contact" | "case";
  readonly purpose: string;
  readonly mode: OrderMode;
  readonly countyCode: string;
  readonly dueAt: string;
}

export interface AllocationInput {
  readonly orders: readonly WaitingOrder[];
  readonly rooms: readonly FreeRoom[];
  /** Site ids for each county, the best first: its own, then the nearest. */
  readonly preference: ReadonlyMap<string, readonly string[]>;
  /** Ids of the sites that are fangcang and that are hospitals; all others are central. */
  readonly fangcang: ReadonlySet<string>;
  readonly hospital: ReadonlySet<string>;
  readonly exceptions: HomeExceptions;
  readonly policy: AllocationPolicy;
}

/** The mode a case gets before any bed is known: fangcang for those who look after themselves. spec: ISO-9 */
export function caseMode(
  person: Pick<WaitingOrder, "age" | "needs">,
  severity: string | null,
  policy: AllocationPolicy,
): OrderMode {
  return fitsFangcang(person, policy) && (severity === null || severity === "mild" || severity === "asymptomatic")
    ? "fangcang"
    : "hospital";
}

function fitsFangcang(person: Pick<WaitingOrder, "age" | "needs">, policy: AllocationPolicy): boolean {
  return (
    person.age !== null &&
    person.age >= policy.fangcangAgeMin &&
    person.age <= policy.fangcangAgeMax &&
    person.needs.length === 0
  );
}

/** May this person be at home with a carer where the plan says central? spec: CC-HOME (domain.md §1.4) */
export function isSpecial(person: Pick<WaitingOrder, "age" | "needs">, exceptions: HomeExceptions): boolean {
  return (
    (person.age !== null && person.age <= exceptions.ageMax) ||
    person.needs.some((need) => exceptions.conditions.includes(need))
  );
}

/** Can this person look after another? */
export function canCare(person: Pick<WaitingOrder, "age" | "needs">, policy: AllocationPolicy): boolean {
  return (
    person.age !== null &&
    person.age >= policy.carerAgeMin &&
    person.age <= policy.carerAgeMax &&
    person.needs.length === 0
  );
}

/** The people a room may be shared by: a household, or one person alone. */
export function partyOf(order: Pick<WaitingOrder, "householdId" | "personId">): string {
  return order.householdId === null ? `p${order.personId}` : `h${order.householdId}`;
}

const byDue = (a: WaitingOrder, b: WaitingOrder): number =>
  a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.personId - b.personId;

/** Places what can be placed; each order gets exactly one assignment. */
export function allocateRooms(input: AllocationInput): Assignment[] {
  const picker = createPicker(input.rooms);
  const cases = input.orders.filter((order) => order.category === "case").toSorted(byDue);
  const contacts = input.orders.filter((order) => order.category === "contact").toSorted(byDue);
  const parties = new Map<string, WaitingOrder[]>();
  for (const order of contacts) {
    const key = `${partyOf(order)} ${order.purpose}`;
    const party = parties.get(key);
    if (party) party.push(order);
    else parties.set(key, [order]);
  }
  // Families first: there are fewer rooms for them, and a lone person fits anywhere. spec: ISO-6
  const groups = [...parties.values()];
  const families = groups.filter((group) => group.length > 1);
  const alone = groups.filter((group) => group.length === 1);
  return [
    ...cases.map((order) => placeCase(order, input, picker)),
    ...families.flatMap((group) => placeFamily(group, input, picker)),
    ...alone.flatMap((group) => group.map((order) => placeAlone(order, input, picker))),
  ];
}

function sitesFor(order: WaitingOrder, input: AllocationInput, kind: "central" | "fangcang" | "hospital"): string[] {
  const all = input.preference.get(order.countyCode) ?? [];
  return all.filter((id) =>
    input.fangcang.has(id) ? kind === "fangcang" : input.hospital.has(id) ? kind === "hospital" : kind === "central",
  );
}

function bedFor(order: WaitingOrder, rule: string, room: FreeRoom, bedId: number): Assignment {
  return {
    orderId: order.orderId,
    personId: order.personId,
    outcome: "bed",
    rule,
    siteId: room.siteId,
    roomId: room.roomId,
    bedId,
    party: room.kind === "ward" ? `p${order.personId}` : partyOf(order),
  };
}

function none(order: WaitingOrder): Assignment {
  return { orderId: order.orderId, personId: order.personId, outcome: "none", rule: "ISO-11" };
}

function placeCase(order: WaitingOrder, input: AllocationInput, picker: Picker): Assignment {
  const hospital = sitesFor(order, input, "hospital");
  const fangcang = fitsFangcang(order, input.policy) ? sitesFor(order, input, "fangcang") : [];
  // A fangcang patient may wait in hospital; a hospital patient is never sent to a fangcang. spec: ISO-9, ISO-10
  const sites = order.mode === "fangcang" ? [...fangcang, ...hospital] : hospital;
  const room = picker.take(sites, ["ward", "single", "accessible"], 1, "case", partyOf(order));
  if (!room) return none(order);
  const preferred = order.mode === "fangcang" ? input.fangcang : input.hospital;
  return bedFor(order, preferred.has(room.siteId) ? "ISO-9" : "ISO-10", room, picker.bed(room));
}

function placeFamily(group: readonly WaitingOrder[], input: AllocationInput, picker: Picker): Assignment[] {
  const first = group[0];
  if (!first) return [];
  const sites = sitesFor(first, input, "central");
  const special = group.filter((order) => isSpecial(order, input.exceptions));
  const carers = group.filter((order) => !special.includes(order) && canCare(order, input.policy));
  // Without somebody who can look after them, children and dependent people stay at home. spec: ISO-7
  if (special.length > 0 && carers.length === 0) return group.map((order) => placeAlone(order, input, picker));
  const others = group.filter((order) => !special.includes(order) && !carers.includes(order));
  const [carer, ...moreCarers] = carers;
  const together = [...(carer ? [carer] : []), ...special, ...moreCarers, ...others];
  const whole = picker.take(sites, ["family"], together.length, first.purpose, partyOf(first));
  if (whole) return together.map((order) => bedFor(order, "ISO-6", whole, picker.bed(whole)));
  const core = carer && special.length > 0 ? [carer, ...special] : [];
  const coreRoom =
    core.length > 0 ? picker.take(sites, ["family"], core.length, first.purpose, partyOf(first)) : undefined;
  if (!coreRoom) return group.map((order) => placeAlone(order, input, picker));
  return [
    ...core.map((order) => bedFor(order, "ISO-6", coreRoom, picker.bed(coreRoom))),
    ...together.filter((order) => !core.includes(order)).map((order) => placeAlone(order, input, picker)),
  ];
}

function placeAlone(order: WaitingOrder, input: AllocationInput, picker: Picker): Assignment {
  const sites = sitesFor(order, input, "central");
  const home = picker.join(partyOf(order), order.purpose);
  // Somebody of the same household already lives in a room with a free bed. spec: ISO-6
  if (home) return bedFor(order, "ISO-6", home, picker.bed(home));
  if (isSpecial(order, input.exceptions))
    return { orderId: order.orderId, personId: order.personId, outcome: "home", rule: "ISO-7" };
  const accessible =
    (order.age !== null && order.age >= input.policy.accessibleAgeMin) || order.needs.includes("disabled");
  const kinds: readonly RoomKind[] = accessible
    ? ["accessible", "single", "family"]
    : ["single", "family", "accessible"];
  for (const kind of kinds) {
    const room = picker.take(sites, [kind], 1, order.purpose, partyOf(order));
    if (room)
      return bedFor(
        order,
        kind === "accessible" && accessible ? "ISO-8" : kind === "single" ? "ISO-1" : "ISO-10",
        room,
        picker.bed(room),
      );
  }
  return none(order);
}
