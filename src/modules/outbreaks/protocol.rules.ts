import { Errors } from "typebox/value";
import { daysBetween } from "#kernel/time";
import { Protocol, type Plan } from "./protocol.model.ts";

/** One fault of a protocol text; the pointer is RFC 6901, the line counts from 1. */
export interface ProtocolFault {
  readonly pointer: string;
  readonly message: string;
  readonly line?: number;
}

export type ParsedProtocol =
  | { readonly ok: true; readonly protocol: Protocol }
  | { readonly ok: false; readonly faults: readonly ProtocolFault[] };

/** Faults shown at once; a file with more is fixed in turns. */
export const protocolFaultsMax = 100;

/** Checks a protocol read from a file or a request: its shape first, then what refers to what. */
export function parseProtocol(value: unknown): ParsedProtocol {
  const shape = shapeFaults(value);
  if (shape.length > 0) return { ok: false, faults: shape.slice(0, protocolFaultsMax) };
  const protocol = value as Protocol;
  const faults = checks.flatMap((check) => check(protocol));
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, protocolFaultsMax) };
  return { ok: true, protocol };
}

function shapeFaults(value: unknown): ProtocolFault[] {
  const all = Errors(Protocol, value).flatMap(faultsOf);
  const pointers = new Set(all.filter((fault) => !isBranchNoise(fault)).map((f) => f.pointer));
  // A union reports each branch that failed; "must be null" says nothing where the other branch names the field.
  const useful = all.filter(
    (fault) => !isBranchNoise(fault) || ![...pointers].some((p) => p.startsWith(fault.pointer)),
  );
  const seen = new Set<string>();
  return useful.filter((fault) => {
    const key = `${fault.pointer} ${fault.message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function isBranchNoise(fault: ProtocolFault): boolean {
  return fault.message === "must be null" || fault.message.startsWith("must match a schema");
}

function faultsOf(error: ReturnType<typeof Errors>[number]): ProtocolFault[] {
  const at = error.instancePath;
  if (error.keyword === "boolean") return [];
  if (error.keyword === "additionalProperties") {
    return error.params.additionalProperties.map((name) => ({
      pointer: `${at}/${escaped(name)}`,
      message: "is not a field of a protocol",
    }));
  }
  if (error.keyword === "required") {
    return error.params.requiredProperties.map((name) => ({
      pointer: `${at}/${escaped(name)}`,
      message: "is missing",
    }));
  }
  if (error.keyword === "enum") {
    return [{ pointer: at, message: `must be one of ${error.params.allowedValues.join(", ")}` }];
  }
  return [{ pointer: at, message: error.message }];
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

type Check = (protocol: Protocol) => ProtocolFault[];

/** What the shape cannot say: references that must resolve, orders that must hold. */
const checks: readonly Check[] = [
  checkEffective,
  checkFacts,
  checkProvenances,
  checkContactPlans,
  checkPlans,
  checkCt,
  checkRounds,
  checkZones,
  checkPhases,
];

function checkEffective(protocol: Protocol): ProtocolFault[] {
  const day = protocol.effective;
  return Number.isFinite(daysBetween(day, day)) ? [] : [{ pointer: "/effective", message: `${day} is not a day` }];
}

function checkFacts(protocol: Protocol): ProtocolFault[] {
  const known = new Set(protocol.cases.facts.map((fact) => fact.id));
  const groups = new Map<string, number>();
  for (const fact of protocol.cases.facts) {
    groups.set(fact.group, (groups.get(fact.group) ?? 0) + 1);
  }
  return protocol.cases.definitions.flatMap((definition, d) =>
    definition.anyOf.flatMap((alternative, a) => {
      const at = `/cases/definitions/${d}/anyOf/${a}`;
      const unknown = Object.keys(alternative.facts)
        .filter((fact) => !known.has(fact))
        .map((fact) => ({
          pointer: `${at}/facts/${fact}`,
          message: "is not listed in cases.facts",
        }));
      const short = (alternative.atLeast ?? [])
        .filter((need) => (groups.get(need.group) ?? 0) < need.count)
        .map((need) => ({
          pointer: `${at}/atLeast`,
          message: `needs ${need.count} facts of group ${need.group}, which has ${groups.get(need.group) ?? 0}`,
        }));
      return [...unknown, ...short];
    }),
  );
}

function checkProvenances(protocol: Protocol): ProtocolFault[] {
  const known = new Set(protocol.cases.provenances.map((provenance) => provenance.id));
  return protocol.communityZero.controlledProvenances
    .map((id, i) => ({ id, pointer: `/communityZero/controlledProvenances/${i}` }))
    .filter(({ id }) => !known.has(id))
    .map(({ id, pointer }) => ({ pointer, message: `${id} is not listed in cases.provenances` }));
}

function checkContactPlans(protocol: Protocol): ProtocolFault[] {
  const { criteria, secondary } = protocol.contacts;
  const used = new Set([...criteria, ...(secondary?.criteria ?? [])].map((c) => c.class));
  return [...used]
    .filter((name) => protocol.plans[name] === undefined)
    .map((name) => ({
      pointer: `/plans/${name}`,
      message: "is missing but contacts are classed so",
    }));
}

function checkPlans(protocol: Protocol): ProtocolFault[] {
  const faults = Object.entries(protocol.plans).flatMap(([name, plan]) => planFaults(name, plan));
  const after = protocol.exit.afterwards;
  if (after !== null && protocol.plans[after] === undefined) {
    faults.push({ pointer: "/exit/afterwards", message: `there is no plan ${after}` });
  }
  return faults;
}

function planFaults(name: string, plan: Plan): ProtocolFault[] {
  return plan.segments.flatMap((segment, i) => {
    const at = `/plans/${name}/segments/${i}`;
    const faults: ProtocolFault[] = [];
    const past = segment.testDays.find((day) => day > segment.days);
    if (past !== undefined) {
      faults.push({
        pointer: `${at}/testDays`,
        message: `day ${past} lies after day ${segment.days}`,
      });
    }
    if (segment.testDays.some((day, d) => day <= (segment.testDays[d - 1] ?? -1))) {
      faults.push({ pointer: `${at}/testDays`, message: "must rise" });
    }
    if (i === 0 && segment.from === "previousSegment") {
      faults.push({ pointer: `${at}/from`, message: "the first segment has none before it" });
    }
    return faults;
  });
}

function checkCt(protocol: Protocol): ProtocolFault[] {
  const ct = protocol.ct;
  if (ct !== null && ct.greyMax < ct.positiveMax) {
    return [{ pointer: "/ct/greyMax", message: "must not be below positiveMax" }];
  }
  return [];
}

function checkRounds(protocol: Protocol): ProtocolFault[] {
  const { rounds, pooling, clocks } = protocol;
  if (rounds === null) return [];
  const faults: ProtocolFault[] = [];
  if (pooling === null) faults.push({ pointer: "/pooling", message: "rounds need a pooling rule" });
  if (clocks[rounds.clock] === undefined) {
    faults.push({ pointer: `/clocks/${rounds.clock}`, message: "is missing but rounds need it" });
  }
  if (rounds.areaTypes[rounds.defaultAreaType] === undefined) {
    faults.push({ pointer: "/rounds/defaultAreaType", message: "is not among areaTypes" });
  }
  return faults;
}

function checkZones(protocol: Protocol): ProtocolFault[] {
  const zones = protocol.zones;
  if (zones === null) return [];
  const known = new Set(zones.levels.map((row) => row.level));
  const faults: ProtocolFault[] = [];
  const need = (level: (typeof zones.levels)[number]["level"], pointer: string): void => {
    if (!known.has(level)) faults.push({ pointer, message: `${level} is not among zones.levels` });
  };
  if (protocol.clocks.positiveToZone === undefined) {
    faults.push({ pointer: "/clocks/positiveToZone", message: "is missing but zones need it" });
  }
  zones.draw.forEach((row, i) => need(row.level, `/zones/draw/${i}/level`));
  zones.tasks.forEach((row, i) => need(row.level, `/zones/tasks/${i}/level`));
  zones.lift.forEach((row, i) => {
    need(row.from, `/zones/lift/${i}/from`);
    need(row.to, `/zones/lift/${i}/to`);
    if (row.from === row.to) {
      faults.push({
        pointer: `/zones/lift/${i}/to`,
        message: "must differ from the level it lifts",
      });
    }
  });
  return faults;
}

function checkPhases(protocol: Protocol): ProtocolFault[] {
  const first = protocol.phases[0];
  const names = protocol.phases.map((row) => row.phase);
  const faults: ProtocolFault[] = [];
  if (first !== undefined && first.entry.length > 0) {
    faults.push({
      pointer: "/phases/0/entry",
      message: "the first phase starts with the outbreak",
    });
  }
  if (new Set(names).size !== names.length) {
    faults.push({ pointer: "/phases", message: "a phase is listed twice" });
  }
  return faults;
}
