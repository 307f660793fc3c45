import type { NoticePage } from "#domain/desk";
import { get, withQuery } from "./api.ts";
import { readClock } from "./live.ts";

const pageSize = 30;

/** A page of notices; the first also tells how many are unread. The count may lag a little, a page of rows may not. */
export function noticesQuery(cursor: string | null) {
  return {
    queryKey: ["notices", cursor ?? ""],
    queryFn: async () => {
      const page = await get<NoticePage>(withQuery("/api/v1/desk/notices", { limit: pageSize, cursor }));
      readClock(page.now);
      return page;
    },
    // Asked again by the stream whenever something that may call for attention has changed.
    meta: {
      topics: ["tasks", "screening", "cases", "zones", "tracing", "command", "isolation", "supplies", "inspection"],
    },
  };
}
