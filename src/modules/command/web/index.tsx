import type { ReactNode } from "react";

export { BoardPage } from "./board.tsx";

/** The page of orders, fetched when it is opened: the first page must not wait for its tables. */
export async function loadOrdersPage(): Promise<() => ReactNode> {
  return (await import("./orders.tsx")).OrdersPage;
}

/** The page of briefings, fetched when it is opened. */
export async function loadBriefingsPage(): Promise<() => ReactNode> {
  return (await import("./briefings.tsx")).BriefingsPage;
}

/** The page of one briefing, fetched when it is opened. */
export async function loadBriefingPage(): Promise<() => ReactNode> {
  return (await import("./briefing.tsx")).BriefingPage;
}

/** The board for the wall, fetched when it is opened. */
export async function loadWallPage(): Promise<() => ReactNode> {
  return (await import("./wall.tsx")).WallPage;
}
