import { readFileSync } from "node:fs";

export function decide(): string {
  return `${readFileSync("facts", "utf8")} ${Math.random()} ${Date.now()}`;
}
