import type { QueryClient } from "@tanstack/react-query";

/** What no action of the command post changes. */
const lasting = new Set<unknown>(["session", "areas", "area"]);

/** Fetches again what an action may have changed: lists, records, figures. */
export async function refreshLists(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => !lasting.has(queryKey[0]) });
}
