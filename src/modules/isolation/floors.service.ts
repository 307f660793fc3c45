import { currentOutbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { cancelTasks } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { announce } from "./announce.service.ts";
import { cancelReservations, lockAllocation, reserveBeds } from "./beds.store.ts";
import { coveredNames } from "./covered.service.ts";
import type { FloorRoom, NamedGuest, WaitingPerson } from "./floors.model.ts";
import { refusalOf, refusalRules, roomState, type RoomFacts } from "./floors.rules.ts";
import {
  pageFloorRooms,
  pageGuests,
  pageWaiting,
  roomOfBed,
  type FloorQuery,
  type FloorRow,
  type WaitingQuery,
} from "./floors.store.ts";
import type { Assignment } from "./isolation.model.ts";
import { allocationPolicy, partyOf } from "./isolation.rules.ts";
import { orderSeen, ordersByIds, restart, type OrderRow } from "./orders.store.ts";
import { waiting } from "./places.service.ts";
import { siteById } from "./sites.store.ts";
import { leaveTrips } from "./transfers.store.ts";

/** Rooms given by hand: what fits whom, with the reason, and back again. */

const read = "isolation.read";
const place = "isolation.place";

async function areaOfOrder(input: { readonly orderId: string }, tx: Tx): Promise<string> {
  const order = await orderSeen(tx, input.orderId);
  if (!order) throw new ProblemError("record.notFound", { what: "order" });
  return order.areaCode;
}

async function areaOfSite(input: { readonly siteId: string }, tx: Tx): Promise<string> {
  const site = await siteById(tx, input.siteId);
  if (!site) throw new ProblemError("record.notFound", { what: "site" });
  return site.areaCode;
}

function factsOf(row: FloorRow): RoomFacts {
  return {
    siteKind: row.siteKind,
    siteState: row.siteState,
    zone: row.zone,
    ward: row.kind === "ward",
    floorPurpose: row.purpose,
    beds: row.beds.map((bed) => bed.state),
    people: row.guests,
  };
}

type Refuse = (row: FloorRow) => FloorRoom["refusal"];

/** The question each room is asked for a person; always unanswered when nobody is asked about. */
async function refuserFor(tx: Tx, order: OrderRow | undefined): Promise<Refuse> {
  if (!order) return () => null;
  const { homeExceptions } = (await currentOutbreak(tx)).protocol;
  const person = waiting(order);
  return (row) => {
    const why = refusalOf(person, factsOf(row), homeExceptions, allocationPolicy);
    return why === null ? null : { why, rule: refusalRules[why].rule };
  };
}

/** A site's rooms with beds and guests; asked with an order, each room says why that person does not get it. */
export const floorRooms = useCase(
  { name: "isolation.floorRooms", permission: read, kind: "read", area: areaOfSite },
  async (tx, input: FloorQuery & { readonly orderId?: string }): Promise<Page<FloorRoom>> => {
    const order = input.orderId === undefined ? undefined : await orderSeen(tx, input.orderId);
    if (input.orderId !== undefined && !order) throw new ProblemError("record.notFound", { what: "order" });
    const refuse = await refuserFor(tx, order);
    const found = await pageFloorRooms(tx, input);
    const name = await coveredNames(
      tx,
      found.items.flatMap((row) => row.guests.map((guest) => guest.personId)),
    );
    const items = found.items.map((row): FloorRoom => ({
      roomId: row.roomId,
      floor: row.floor,
      purpose: row.purpose,
      no: row.no,
      kind: row.kind,
      zone: row.zone,
      state: roomState(row.beds.map((bed) => bed.state)),
      beds: [...row.beds],
      guests: row.guests.map((guest) => ({
        orderId: guest.orderId,
        coveredName: name(guest.personId),
        category: guest.category,
        planClass: guest.planClass,
        arrived: guest.arrived,
        mayTakeBack: !guest.arrived && guest.orderState === "pending",
        endDay: guest.endDay,
      })),
      refusal: refuse(row),
    }));
    return { items, next: found.next };
  },
);

/** A site's guests by name, for a purpose. */
export const siteGuests = useCase(
  { name: "isolation.siteGuests", permission: place, kind: "read", personal: true, area: areaOfSite },
  async (tx, input: FloorQuery): Promise<Page<NamedGuest>> => {
    const found = await pageGuests(tx, input);
    const cards = await personCards(
      tx,
      found.items.map((row) => row.personId),
    );
    const byId = new Map(cards.map((card) => [card.id, card]));
    const items = found.items.flatMap(({ orderId, personId }): NamedGuest[] => {
      const card = byId.get(personId);
      return card ? [{ orderId, name: card.name, idLast4: card.idLast4 }] : [];
    });
    return { items, next: found.next };
  },
);

/** Who waits for a room, or has one and waits for a vehicle. */
export const listWaiting = useCase(
  {
    name: "isolation.listWaiting",
    permission: read,
    kind: "read",
    area: (input: WaitingQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<Page<WaitingPerson>> => {
    const found = await pageWaiting(tx, input);
    const name = await coveredNames(
      tx,
      found.items.map((row) => row.personId),
    );
    const items = found.items.map(({ personId, ...row }) => ({ ...row, coveredName: name(personId) }));
    return { items, next: found.next };
  },
);

const excludedByConstraint = "23P01";

/** The database's own refusal in words: what two hands did at once, or what the rules did not see. spec: I4 */
function refusedByDatabase(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== excludedByConstraint) return undefined;
  const constraint = "constraint" in error && typeof error.constraint === "string" ? error.constraint : "";
  const why =
    constraint === "stay_no_contact_with_case"
      ? refusalRules.besideCase.why
      : constraint === "stay_person_once"
        ? "the person is already in a place / 该人员已在其他场所"
        : constraint === "stay_room_one_party"
          ? refusalRules.otherHousehold.why
          : refusalRules.taken.why;
  return new ProblemError("rule.refused", { rule: "I4", why });
}

/** Gives one order a bed a person has chosen; rules refuse first, the database still refuses what must not be. spec: I4 */
export const assignBed = useCase(
  { name: "isolation.assignBed", permission: place, kind: "write", area: areaOfOrder },
  async (tx, input: { readonly orderId: string; readonly bedId: number }): Promise<Assignment> => {
    await lockAllocation(tx);
    const [order] = await ordersByIds(tx, [input.orderId]);
    const room = await roomOfBed(tx, input.bedId);
    const bed = room?.beds.find(({ bedId }) => bedId === input.bedId);
    if (!order || !room || !bed) throw new ProblemError("record.notFound", { what: order ? "bed" : "order" });
    if (order.state !== "pending" || order.siteId !== null)
      throw new ProblemError("state.notAllowed", { state: order.state });
    const refused = (await refuserFor(tx, order))(room);
    if (refused) throw new ProblemError("rule.refused", { rule: refused.rule, why: refusalRules[refused.why].why });
    const person = waiting(order);
    const row: Assignment = {
      orderId: order.id,
      personId: order.personId,
      outcome: "bed",
      rule: "ISO-19",
      siteId: room.siteId,
      roomId: room.roomId,
      bedId: bed.bedId,
      party: room.kind === "ward" ? `p${order.personId}` : partyOf(person),
    };
    try {
      await reserveBeds(tx, [{ ...row, category: person.category, purpose: person.purpose }]);
    } catch (error) {
      throw refusedByDatabase(error) ?? error;
    }
    await announce(tx, await currentOutbreak(tx), "isolation.bedGiven", [order.areaCode], { orderIds: [order.id] });
    return row;
  },
);

/** Takes an allocation back while nobody has set out: the bed is free, the person waits again. spec: ISO-19 */
export const takeBack = useCase(
  { name: "isolation.takeBack", permission: place, kind: "write", area: areaOfOrder },
  async (tx, input: { readonly orderId: string }): Promise<{ orderId: string }> => {
    const [order] = await ordersByIds(tx, [input.orderId]);
    if (!order) throw new ProblemError("record.notFound", { what: "order" });
    if (order.state !== "pending" || order.siteId === null)
      throw new ProblemError("state.notAllowed", { state: order.state });
    const empty = await leaveTrips(tx, [order.id]);
    if (empty.length > 0) await cancelTasks(tx, { subjectType: "transfer", subjectIds: empty });
    await cancelReservations(tx, [order.id]);
    await restart(tx, order.id, order.mode, order.dueAt);
    await announce(tx, await currentOutbreak(tx), "isolation.bedGivenBack", [order.areaCode], {
      orderIds: [order.id],
    });
    return { orderId: order.id };
  },
);
