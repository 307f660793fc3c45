import { epochMs, type Instant } from "./time.ts";
import type { Prng } from "./prng.ts";

/** A UUIDv7 (RFC 9562): 48 bits of time, then random bits from the given stream. */
export function uuidv7(at: Instant, prng: Prng): string {
  const time = epochMs(at).toString(16).padStart(12, "0");
  const a = (prng.bits() & 0xfff).toString(16).padStart(3, "0");
  const b = ((prng.bits() & 0x3fff) | 0x8000).toString(16);
  const c = prng.bits().toString(16).padStart(8, "0");
  const d = (prng.bits() & 0xffff).toString(16).padStart(4, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${b}-${d}${c}`;
}
