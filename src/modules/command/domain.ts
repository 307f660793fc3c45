export * from "./board.model.ts";
