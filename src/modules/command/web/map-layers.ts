import type { Feature, FeatureCollection, Geometry } from "geojson";
import L from "leaflet";
import type { BoardCounty, BoardSite, BoardZone } from "#domain/command";
import { riskColours } from "#web/theme";
import type { ThemeName } from "#web/preferences";

export interface AreaProperties {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | null;
}

export type Boundaries = FeatureCollection<Geometry, AreaProperties>;

/** Cases so far in four steps; the number itself stands in the county's label. */
const caseSteps = [1, 10, 100] as const;
const fills = {
  light: ["#f4f6f8", "#dfe9f3", "#c3d7ea", "#a3c2e0"],
  dark: ["#17212b", "#1d3145", "#24435f", "#2c567b"],
} as const;
const edge = { light: "#7d8b99", dark: "#54677a" } as const;
const ink = { light: "#10202f", dark: "#f2f6fa" } as const;

function fillOf(cases: number, theme: ThemeName): string {
  const step = caseSteps.filter((least) => cases >= least).length;
  return fills[theme][step] ?? fills[theme][0];
}

/** Draws the counties, filled by cases so far; a click chooses one. */
export function countyLayer(
  boundaries: Boundaries,
  counties: ReadonlyMap<string, BoardCounty>,
  chosen: string,
  theme: ThemeName,
  onChoose: (code: string) => void,
): L.GeoJSON {
  return L.geoJSON<AreaProperties>(boundaries, {
    style: (feature?: Feature<Geometry, AreaProperties>) => {
      const code = feature?.properties.code ?? "";
      const here = chosen.startsWith(code);
      return {
        fillColor: fillOf(counties.get(code)?.cases ?? 0, theme),
        fillOpacity: 1,
        color: here ? ink[theme] : edge[theme],
        weight: here ? 2.5 : 1,
      };
    },
    onEachFeature: (feature: Feature<Geometry, AreaProperties>, layer) => {
      layer.on("click", () => onChoose(feature.properties.code));
    },
  });
}

/** A text as HTML shows it unchanged. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export interface MapLabel {
  readonly lat: number;
  readonly lon: number;
  readonly name: string;
  readonly note: string;
  readonly onChoose: () => void;
}

const labelLinePx = 17;
const labelLetterPx = { wide: 13.5, narrow: 7.5 } as const;
const labelWidthMaxPx = 118;
const offsetsPx = [0, 18, -18, 30, -30, 44, -44, 58, -58] as const;

/** About how much room a label takes: Chinese letters are twice as wide as Latin ones. */
function sizeOf(label: MapLabel): { readonly width: number; readonly height: number } {
  const width = label.name
    .split("")
    .reduce((sum, sign) => sum + (sign > "\u2e80" ? labelLetterPx.wide : labelLetterPx.narrow), 8);
  const lines = Math.ceil(width / labelWidthMaxPx) + (label.note === "" ? 0 : 1);
  return { width: Math.min(width, labelWidthMaxPx), height: lines * labelLinePx };
}

/** How far each label moves up or down so that none lies on one placed before it; null where there is no room. */
function shiftsOf(map: L.Map, labels: readonly MapLabel[]): (number | null)[] {
  const placed: { x: number; y: number; width: number; height: number }[] = [];
  return labels.map((label) => {
    const at = map.latLngToLayerPoint([label.lat, label.lon]);
    const { width, height } = sizeOf(label);
    const free = (shift: number): boolean =>
      placed.every(
        (other) =>
          Math.abs(other.x - at.x) > (other.width + width) / 2 ||
          Math.abs(other.y - (at.y + shift)) > (other.height + height) / 2,
      );
    const shift = offsetsPx.find(free);
    if (shift === undefined) return null;
    placed.push({ x: at.x, y: at.y + shift, width, height });
    return shift;
  });
}

/** Labels that are also buttons: focusable, and Enter does what a click does. The first keeps its place, one without room is left to the table. */
export function labelLayer(map: L.Map, labels: readonly MapLabel[], className: string): L.LayerGroup {
  const shifts = shiftsOf(map, labels);
  const markers = labels.flatMap((label, index) => {
    const shift = shifts[index] ?? null;
    if (shift === null) return [];
    const note = label.note === "" ? "" : `<b>${escaped(label.note)}</b>`;
    const icon = L.divIcon({
      className: `map-label ${className}`,
      html: `<span>${escaped(label.name)}${note}</span>`,
      iconSize: [0, 0],
      iconAnchor: [0, -shift],
    });
    return L.marker([label.lat, label.lon], { keyboard: true, icon, zIndexOffset: 1000 }).on("click", label.onChoose);
  });
  return L.layerGroup(markers);
}

const zoneRadius = { high: 7, medium: 5.5, low: 4 } as const;

/** Zones: size and colour both say the level, the outline keeps the palest visible. */
export function zoneLayer(
  zones: readonly BoardZone[],
  word: (zone: BoardZone) => string,
  theme: ThemeName,
): L.LayerGroup {
  const marks: L.Layer[] = [];
  // The gravest last, so that it is drawn on top.
  for (const level of ["low", "medium", "high"] as const) {
    for (const zone of zones) {
      if (zone.level !== level || zone.lat === null || zone.lon === null) continue;
      const mark = L.circleMarker([zone.lat, zone.lon], {
        radius: zoneRadius[level],
        color: theme === "dark" ? "#ffffff" : "#1d1206",
        weight: 1.2,
        fillColor: riskColours[level],
        fillOpacity: 0.95,
      });
      marks.push(mark.bindTooltip(escaped(word(zone)), { direction: "top" }));
    }
  }
  return L.layerGroup(marks);
}

/** Far out, hundreds of quarantine sites are only dots; close by, a filled part says how full each is. */
export function siteLayer(
  sites: readonly BoardSite[],
  close: boolean,
  word: (site: BoardSite) => string,
): L.LayerGroup {
  const central = close ? 10 : 5;
  const marks: L.Layer[] = [];
  for (const site of sites) {
    if (site.lat === null || site.lon === null) continue;
    const full = site.capacity > 0 ? Math.min(100, Math.round((site.inUse / site.capacity) * 100)) : 0;
    const mark = L.marker([site.lat, site.lon], {
      keyboard: false,
      icon: L.divIcon({
        className: `map-site map-site-${site.kind}`,
        html: `<u><i style="height:${full}%"></i></u>`,
        iconSize: site.kind === "central" ? [central, central] : [13, 13],
      }),
    });
    marks.push(mark.bindTooltip(escaped(word(site)), { direction: "top" }));
  }
  return L.layerGroup(marks);
}
