import type { AreaRow } from "#domain/areas";
import type { NewSite } from "#domain/isolation";
import type { Scenario } from "./scenario.model.ts";

const bedsPerFamily = 3;
const bedsPerUnit = 20;
const bedsPerWard = 4;
const roomsPerFloor = 20;

/** Splits a whole by weights into whole parts that add up to it. */
export function split(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let given = 0;
  let upTo = 0;
  return weights.map((weight) => {
    upTo += weight;
    const goal = Math.round((total * upTo) / sum);
    const part = goal - given;
    given = goal;
    return part;
  });
}

function roomsOf(count: number, kinds: Scenario["isolation"]["roomKinds"]): NewSite["rooms"] {
  const [single = 0, family = 0, accessible = 0] = split(count, [kinds.single, kinds.family, kinds.accessible]);
  return { single, family, accessible, bedsPerFamily, roomsPerFloor };
}

/** Places of isolation as the scenario counts them, shared out over the counties by their people; not scaled, as the outbreak is not. */
export function isolationPlan(scenario: Scenario, areas: readonly AreaRow[]): NewSite[] {
  const { isolation, population } = scenario;
  const weights = population.units.map((unit) => unit.population);
  const normalSites = split(isolation.sites.value - isolation.emergencySites.value, weights);
  const normalRooms = split(isolation.rooms.value - isolation.emergencyRooms.value, weights);
  const sites: NewSite[] = population.units.flatMap((unit, u) => {
    const towns = areas.filter((area) => area.level === "town" && area.code.startsWith(unit.code));
    const count = normalSites[u] ?? 0;
    const rooms = split(
      normalRooms[u] ?? 0,
      Array.from({ length: Math.max(1, count) }, () => 1),
    );
    return Array.from({ length: count }, (_, i): NewSite => {
      const town = towns[i % Math.max(1, towns.length)];
      return {
        kind: "central",
        areaCode: town?.code ?? unit.code,
        name: `${town?.name ?? unit.name["zh-CN"]}集中隔离点${i + 1}`,
        nameEn: `${town?.nameEn ?? unit.name.en} quarantine site ${i + 1}`,
        rooms: roomsOf(rooms[i] ?? 0, isolation.roomKinds),
        ...position(town),
      };
    });
  });
  const home = areas.find((area) => area.code === scenario.firstPositive.areaCode.slice(0, 6));
  const emergency = split(
    isolation.emergencyRooms.value,
    Array.from({ length: isolation.emergencySites.value }, () => 1),
  );
  for (const [i, rooms] of emergency.entries())
    sites.push({
      kind: "central",
      areaCode: home?.code ?? scenario.areaCode,
      name: `应急集中隔离点${i + 1}`,
      nameEn: `Emergency quarantine site ${i + 1}`,
      emergency: true,
      state: "planned",
      rooms: roomsOf(rooms, isolation.roomKinds),
      ...position(home),
    });
  for (const phase of isolation.fangcang)
    sites.push({
      kind: "fangcang",
      areaCode: phase.areaCode,
      name: `方舱医院${phase.no}期`,
      nameEn: `Fangcang hospital, phase ${phase.no}`,
      phase: phase.no,
      state: "planned",
      rooms: { ward: Math.ceil(phase.beds.value / bedsPerUnit), bedsPerWard: bedsPerUnit },
      ...position(areas.find((area) => area.code === phase.areaCode)),
    });
  if (isolation.hospitalBeds.value > 0)
    sites.push({
      kind: "hospital",
      areaCode: home?.code ?? scenario.areaCode,
      name: "定点医院",
      nameEn: "Designated hospital",
      rooms: { ward: Math.ceil(isolation.hospitalBeds.value / bedsPerWard), bedsPerWard },
      ...position(home),
    });
  return sites;
}

function position(area: AreaRow | undefined): { lat?: number; lon?: number } {
  return area?.lat === null || area?.lat === undefined || area.lon === null ? {} : { lat: area.lat, lon: area.lon };
}
