import { beforeAll, describe, expect, it } from "vitest";
import { distance2, isInside, positionFault, type AreaRow, type LonLat } from "#domain/areas";
import { buildAreas } from "#modules/areas";
import { borderPoint, inventedPoint } from "./positions.rules.ts";

describe("DRILL-12: invented places", () => {
  let areas: readonly AreaRow[];
  let cao: AreaRow;
  beforeAll(async () => {
    areas = await buildAreas("371721");
    const found = areas.find(({ code }) => code === "371721");
    if (!found) throw new Error("the county is there");
    cao = found;
  });
  const point = (placed: object): LonLat => {
    const { lat = Number.NaN, lon = Number.NaN } = placed as { lat?: number; lon?: number };
    return [lon, lat];
  };

  it("stand within so many kilometres of their town, inside the county, each by its own code and always the same", () => {
    const town = areas.find(({ level }) => level === "town");
    const centre = point(town ?? {});
    const placed = Array.from({ length: 40 }, (_, i) => inventedPoint(town, cao.boundary, `S-${i}`, 2));
    for (const one of placed) {
      expect(Math.sqrt(distance2(point(one), centre)) * 111.32).toBeLessThanOrEqual(2.01);
      expect(isInside(cao.boundary ?? [], point(one))).toBe(true);
      expect(positionFault(one)).toBeNull();
    }
    expect(new Set(placed.map((one) => JSON.stringify(one))).size).toBe(40);
    expect(inventedPoint(town, cao.boundary, "S-7", 2)).toEqual(placed[7]);
  });

  it("of checkpoints lie inside the county, nearer to its border than to its seat", () => {
    const seat = point(cao);
    for (let i = 0; i < 20; i++) {
      const at = point(borderPoint(cao, `RD-${i}`, 5));
      const toBorder = Math.min(...(cao.boundary ?? []).flat(2).map((corner) => distance2(at, corner)));
      expect(toBorder).toBeLessThan(distance2(at, seat));
    }
  });

  it("of an area without an outline keep to its point, and of one without a point are nowhere", () => {
    const zone = { ...cao, boundary: null };
    expect(Math.sqrt(distance2(point(borderPoint(zone, "RD", 5)), point(cao))) * 111.32).toBeLessThanOrEqual(5.01);
    expect(inventedPoint({ ...cao, lat: null, lon: null }, cao.boundary, "S", 2)).toEqual({});
    expect(borderPoint(undefined, "RD", 5)).toEqual({});
  });
});
