export { BoardPage } from "./board.tsx";
export { OrdersPage } from "./orders.tsx";
export { BriefingsPage } from "./briefings.tsx";
