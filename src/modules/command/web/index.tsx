export { BoardPage } from "./board.tsx";
export { OrdersPage } from "./orders.tsx";
export { BriefingPage, BriefingsPage } from "./briefings.tsx";
