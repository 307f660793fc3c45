import type { ReactNode } from "react";

export { BoardPage } from "./board.tsx";
<<<<<<< HEAD
export { OrdersPage } from "./orders.tsx";
export { BriefingPage, BriefingsPage } from "./briefings.tsx";
=======

/** The page of orders, fetched when it is opened: the first page must not wait for its tables. */
export async function loadOrdersPage(): Promise<() => ReactNode> {
  return (await import("./orders.tsx")).OrdersPage;
}

/** The page of briefings, fetched when it is opened. */
export async function loadBriefingsPage(): Promise<() => ReactNode> {
  return (await import("./briefings.tsx")).BriefingsPage;
}
>>>>>>> e99216cf0c977ee06ae3a721745c660f4ebe5d0d
