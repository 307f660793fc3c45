import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Board } from "#domain/command";
import type { OutbreakCard } from "#domain/outbreaks";
import { get } from "./api.ts";
import { guessClock, readClock } from "./live.ts";

/** The live board, for those who may see it. */
export const boardQuery = queryOptions({
  queryKey: ["board"],
  queryFn: async () => {
    const board = await get<Board>("/api/v1/board");
    readClock(board.outbreak.now);
    return board;
  },
  meta: { topics: [] },
});

/** The running outbreak: every role may read it, since every page must say whether it is a drill. */
const outbreakQuery = queryOptions({
  queryKey: ["outbreak"],
  queryFn: async () => {
    const outbreak = await get<OutbreakCard>("/api/v1/outbreaks/current");
    // A drill's time comes with the stream; outside a drill this machine's serves until the server's is known.
    if (!outbreak.drill) guessClock(new Date().toISOString());
    return outbreak;
  },
  meta: { topics: ["outbreaks", "command"] },
});

/** The outbreak as the frame of the page knows it: a list has a time in every cell, and one watcher serves them all. */
export const OutbreakContext = createContext<OutbreakCard | undefined>(undefined);

/** Keeps the running outbreak up to date; for the frame of the page. */
export function useOutbreakWatch(): OutbreakCard | undefined {
  return useQuery(outbreakQuery).data;
}

/** The running outbreak; undefined before it is known, or between outbreaks. */
export function useOutbreak(): OutbreakCard | undefined {
  return useContext(OutbreakContext);
}

/** The zone in which times are shown: the outbreak's, else the viewer's own. */
export function useTimeZone(): string {
  return useOutbreak()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
