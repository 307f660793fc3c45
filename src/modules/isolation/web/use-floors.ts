import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { CheckRow, DutyRow, FloorRoom, LifeEvent, NamedGuest, SiteCard, WaitingPerson } from "#domain/isolation";
import { get, getFor, newKey, post, withQuery, type Page } from "#web/api";
import { refreshLists } from "#web/refresh";

/** What the floor view reads and does. */

export interface SiteRecord {
  readonly site: SiteCard;
  readonly events: readonly LifeEvent[];
  readonly checks: readonly CheckRow[];
  readonly missing: readonly string[];
  readonly duties: readonly DutyRow[];
}

const pageRows = 200;
const topics = ["isolation"];

/** Follows a list to its end; for lists that are bounded by one building. */
async function allPages<T>(fetchPage: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await fetchPage(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** One site with its life, check-list and posts. */
export function useSite(siteId: string): UseQueryResult<SiteRecord> {
  return useQuery({
    queryKey: ["list", "site", siteId],
    queryFn: () => get<SiteRecord>(`/api/v1/site-lives/${encodeURIComponent(siteId)}`),
    meta: { topics },
  });
}

/** All rooms of a site; with an order, each says why that person does not get it. */
export function useRooms(siteId: string, orderId: string | null): UseQueryResult<FloorRoom[]> {
  const url = `/api/v1/isolation-sites/${encodeURIComponent(siteId)}/rooms`;
  return useQuery({
    queryKey: ["list", url, orderId],
    queryFn: () => allPages((cursor) => get<Page<FloorRoom>>(withQuery(url, { orderId, cursor, limit: pageRows }))),
    placeholderData: keepPreviousData,
    meta: { topics },
  });
}

/** Who waits for a room that a site of this kind has. */
export function useWaiting(siteKind: string, areaCode: string): UseQueryResult<Page<WaitingPerson>> {
  const url = withQuery("/api/v1/orders/waiting", { for: "room", siteKind, areaCode, limit: pageRows });
  return useQuery({
    queryKey: ["list", url],
    queryFn: () => get<Page<WaitingPerson>>(url),
    placeholderData: keepPreviousData,
    meta: { topics },
    enabled: siteKind !== "",
  });
}

/** The names of a site's guests by their orders, for a purpose. */
export async function namesFor(siteId: string, reason: string): Promise<ReadonlyMap<string, string>> {
  const url = `/api/v1/isolation-sites/${encodeURIComponent(siteId)}/guests`;
  const guests = await allPages((cursor) =>
    getFor<Page<NamedGuest>>(withQuery(url, { cursor, limit: pageRows }), reason),
  );
  return new Map(guests.map((guest) => [guest.orderId, guest.name]));
}

export interface Giving {
  readonly person: WaitingPerson;
  readonly room: FloorRoom;
}

/** Gives the first free bed of a room to a person; the server decides. */
export function useGive(done: (given: Giving) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ person, room }: Giving) => {
      const bed = room.beds.find(({ state }) => state === "free") ?? room.beds[0];
      return post(`/api/v1/orders/${person.orderId}/assign-bed`, { bedId: bed?.bedId ?? 0 }, { key: newKey() });
    },
    onSuccess: (_answer, given) => done(given),
    // A refusal often means that the room changed meanwhile, so the rooms are read again either way.
    onSettled: () => refreshLists(client),
  });
}

/** Takes back what was just given. */
export function useTakeBack(done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (orderId: string) => post(`/api/v1/orders/${orderId}/take-back`, {}, { key: newKey() }),
    onSuccess: async () => {
      done();
      await refreshLists(client);
    },
  });
}
