export { BoardPage } from "./board.tsx";
export { BriefingsPage } from "./briefings.tsx";
