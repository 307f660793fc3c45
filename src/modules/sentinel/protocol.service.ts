import { ProblemError } from "#kernel/errors";
import type { Sentinel } from "#domain/outbreaks";
import type { Outbreak } from "#modules/outbreaks";

/** The probes' numbers of an outbreak's protocol; refused where it has none. spec: SEN-0 */
export function sentinelOf(outbreak: Outbreak): Sentinel {
  const { sentinel } = outbreak.protocol;
  if (sentinel) return sentinel;
  throw new ProblemError("rule.refused", {
    rule: "SEN-0",
    why: "this protocol has no probes / 本方案未设探头",
  });
}
