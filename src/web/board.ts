import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Board, BoardOutbreak } from "#domain/command";
import { get } from "./api.ts";
import { readClock } from "./live.ts";

/** The live board; the header's clock and the zone of every shown time come from it too. */
export const boardQuery = queryOptions({
  queryKey: ["board"],
  queryFn: async () => {
    const board = await get<Board>("/api/v1/board");
    readClock(board.outbreak.now);
    return board;
  },
  meta: { topics: [] },
});

/** The running outbreak; undefined before the board has come. */
export function useOutbreak(): BoardOutbreak | undefined {
  return useQuery(boardQuery).data?.outbreak;
}

/** The zone in which times are shown: the outbreak's, else the viewer's own. */
export function useTimeZone(): string {
  return useOutbreak()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
