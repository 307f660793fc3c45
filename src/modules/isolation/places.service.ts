import { checkPositions } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { ProblemError } from "#kernel/errors";
import { isWithin } from "#kernel/area";
import { addHours } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { countyOf } from "./areas.rules.ts";
import { freeRooms, lockAllocation, reserveBeds, roomsOfParties, siteLoads } from "./beds.store.ts";
import { forecastRunOut } from "./forecast.rules.ts";
import { siteKinds, type Assignment, type Capacity, type NewSite, type SiteKind } from "./isolation.model.ts";
import { allocateRooms, allocationPolicy, partyOf, type WaitingOrder } from "./isolation.rules.ts";
import { setMode, setNeedsOf, waitingForBed, type OrderRow } from "./orders.store.ts";
import { enoughSites, sitesInOrder, type Point, type SiteLoad } from "./shortlist.rules.ts";
import {
  capacityRows,
  insertSites,
  netInflow,
  pageRooms,
  pageSites,
  type RoomQuery,
  type SiteQuery,
} from "./sites.store.ts";

/** Sites, beds and who gets which. */

const siteWrite = "isolation.site.write";
const read = "isolation.read";
const place = "isolation.place";
const sitesMax = 2_000;
const allocateMax = 2_000;

export interface SitesStored {
  readonly siteIds: string[];
  readonly rooms: number;
  readonly beds: number;
}

/** Stores sites with their rooms and tells the others; for use cases of this folder. */
export async function storeSites(tx: Tx, given: readonly NewSite[]): Promise<SitesStored> {
  const sites = given.map((site) => ({ ...site, id: tx.newId() }));
  const made = await insertSites(tx, sites);
  const outbreak = await findCurrentOutbreak(tx);
  await tx.emit({
    name: "isolation.sitesAdded",
    ...(outbreak ? { outbreakId: outbreak.id } : {}),
    areaCode: tx.actor.areaCode,
    subjectType: "isolationSite",
    subjectId: sites[0]?.id ?? "",
    data: { sites: sites.length, ...made },
  });
  return { siteIds: sites.map((site) => site.id), ...made };
}

export const addSites = useCase(
  { name: "isolation.addSites", permission: siteWrite, kind: "write" },
  async (tx, input: { sites: readonly NewSite[] }): Promise<SitesStored> => {
    if (input.sites.length > sitesMax) throw new ProblemError("limit.exceeded", { limit: sitesMax });
    for (const site of input.sites)
      if (!isWithin(site.areaCode, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
    checkPositions(tx, input.sites, (index) => `/sites/${index}`);
    return storeSites(tx, input.sites);
  },
);

/** An order as the rules of rooms look at it. */
export function waiting(order: OrderRow): WaitingOrder {
  return {
    orderId: order.id,
    personId: order.personId,
    householdId: order.householdId,
    age: order.age,
    needs: order.needs,
    category: order.category,
    purpose: order.category === "case" ? "case" : order.planClass,
    mode: order.mode,
    countyCode: countyOf(order.areaCode),
    dueAt: order.dueAt,
  };
}

/** The middle of a county as its own sites show it; null without any. */
function centreOf(county: string, sites: readonly SiteLoad[]): Point | null {
  const own = sites.filter((site) => site.areaCode.startsWith(county) && site.lat !== null && site.lon !== null);
  if (own.length === 0) return null;
  const mean = (pick: (site: SiteLoad) => number): number =>
    own.reduce((sum, site) => sum + pick(site), 0) / own.length;
  return { lat: mean((site) => site.lat ?? 0), lon: mean((site) => site.lon ?? 0) };
}

/** Plans a batch over the free rooms of the sites that come first for each county. */
async function plan(tx: Tx, outbreak: Outbreak, orders: readonly OrderRow[]): Promise<Assignment[]> {
  const sites = await siteLoads(tx);
  const people = orders.map(waiting);
  const preference = new Map<string, string[]>();
  for (const county of new Set(people.map((person) => person.countyCode))) {
    const demand = people.filter((person) => person.countyCode === county).length;
    preference.set(county, enoughSites(sitesInOrder(county, centreOf(county, sites), sites), demand));
  }
  const listed = [...new Set([...preference.values()].flat())];
  const parties = [
    ...new Set(people.filter((person) => person.category === "contact" && person.householdId !== null).map(partyOf)),
  ];
  const rooms = [
    ...(await freeRooms(tx, listed, people.length * 2 + 20)),
    ...(parties.length === 0 ? [] : await roomsOfParties(tx, parties)),
  ];
  const { rule, ageMax, conditions } = outbreak.protocol.homeExceptions;
  return allocateRooms({
    orders: people,
    rooms,
    preference,
    policy: allocationPolicy,
    exceptions: { rule, ageMax, conditions },
    fangcang: new Set(sites.filter((site) => site.kind === "fangcang").map((site) => site.siteId)),
    hospital: new Set(sites.filter((site) => site.kind === "hospital").map((site) => site.siteId)),
  });
}

export interface Allocate {
  readonly areaCode?: string;
  readonly orderIds?: readonly string[];
  readonly limit?: number;
}

/** Gives beds to waiting orders by rule, up to 2,000 a call; each order's reason is returned. */
export const allocate = useCase(
  {
    name: "isolation.allocate",
    permission: place,
    kind: "write",
    area: (input: Allocate, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<{ assignments: Assignment[]; beds: number; home: number; none: number }> => {
    const limit = Math.min(input.limit ?? allocateMax, allocateMax);
    await lockAllocation(tx);
    const orders = await waitingForBed(tx, {
      areaCode: input.areaCode ?? tx.actor.areaCode,
      limit,
      ...(input.orderIds ? { orderIds: input.orderIds } : {}),
    });
    if (orders.length === 0) return { assignments: [], beds: 0, home: 0, none: 0 };
    const outbreak = await currentOutbreak(tx);
    const assignments = await plan(tx, outbreak, orders);
    const byId = new Map(orders.map((order) => [order.id, waiting(order)]));
    const beds = assignments.filter((row) => row.outcome === "bed");
    const home = assignments.filter((row) => row.outcome === "home");
    await reserveBeds(
      tx,
      beds.flatMap((row) => {
        const order = byId.get(row.orderId);
        return order ? [{ ...row, category: order.category, purpose: order.purpose }] : [];
      }),
    );
    await setMode(
      tx,
      home.map((row) => ({ orderId: row.orderId, mode: "home", rule: row.rule })),
    );
    return { assignments, beds: beds.length, home: home.length, none: assignments.length - beds.length - home.length };
  },
);

/** Records what a person needs (pregnant, dependent, …) before a place is chosen. spec: ISO-7, ISO-8 */
export const setNeeds = useCase(
  { name: "isolation.setNeeds", permission: place, kind: "write" },
  async (tx, input: { orderId: string; needs: readonly string[] }) => {
    const changed = await setNeedsOf(tx, input.orderId, input.needs);
    if (changed === 0) throw new ProblemError("record.notFound", { what: "pending order" });
    return { orderId: input.orderId, needs: [...input.needs] };
  },
);

const forecastDays = 3;

export interface CapacityQuery {
  readonly areaCode?: string;
  readonly by?: "site" | "county" | "kind";
}

/** Rooms and beds with the day on which they run out at the pace of the last days. */
export const capacity = useCase(
  {
    name: "isolation.capacity",
    permission: read,
    kind: "read",
    area: (input: CapacityQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, input) => capacityOf(tx, input.areaCode ?? tx.actor.areaCode, input.by ?? "kind"),
);

/** The same for other modules, inside their transaction. */
export async function capacityOf(tx: Tx, areaCode: string, by: "site" | "county" | "kind"): Promise<Capacity> {
  const items = await capacityRows(tx, areaCode, by);
  const net = await netInflow(tx, areaCode, addHours(tx.now, -24 * forecastDays));
  const forecast = siteKinds.flatMap((kind: SiteKind) => {
    const rows = items.filter((row) => row.kind === kind);
    if (rows.length === 0) return [];
    const free = rows.reduce((sum, row) => sum + row.free, 0);
    const total = net.find((row) => row.kind === kind)?.net ?? 0;
    return [
      {
        kind,
        free,
        ...forecastRunOut(
          free,
          Array.from({ length: forecastDays }, () => total / forecastDays),
          tx.now,
        ),
      },
    ];
  });
  return { items, forecast };
}

export const listSites = useCase(
  { name: "isolation.listSites", permission: read, kind: "read" },
  (tx, query: SiteQuery) => pageSites(tx, query),
);
export const listRooms = useCase(
  { name: "isolation.listRooms", permission: read, kind: "read" },
  (tx, query: RoomQuery) => pageRooms(tx, query),
);
