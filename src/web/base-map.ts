import { queryOptions } from "@tanstack/react-query";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { get } from "./api.ts";
import type { ThemeName } from "./preferences.ts";

/** What every map of the command post stands on: the canvas, the counties' outlines, labels that can be pressed. */

export interface AreaProperties {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | null;
}

export type Boundaries = FeatureCollection<Geometry, AreaProperties>;

/** The outlines of the counties; fetched once. */
export const boundariesQuery = queryOptions({
  queryKey: ["boundaries", "county"],
  queryFn: () => get<Boundaries>("/api/v1/areas/boundaries?level=county"),
  staleTime: Infinity,
});

/** Makes a map once and keeps it for as long as its box stands. */
export function useLeaflet(box: RefObject<HTMLDivElement | null>): RefObject<L.Map | null> {
  const map = useRef<L.Map | null>(null);
  // Before every other effect, so that layers find the map standing.
  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const made = L.map(box.current, {
      renderer: L.canvas({ padding: 0.3 }),
      attributionControl: false,
      zoomSnap: 0.25,
      scrollWheelZoom: false,
    });
    made.setView([35.2, 115.6], 9);
    map.current = made;
    const watcher = new ResizeObserver(() => made.invalidateSize());
    watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      made.remove();
      map.current = null;
    };
  }, [box]);
  return map;
}

/** How one county is drawn. */
export interface GroundLook {
  readonly fillColor: string;
  readonly color: string;
  readonly weight: number;
}

const plain = {
  light: { fillColor: "#f4f6f8", color: "#7d8b99", weight: 1 },
  dark: { fillColor: "#17212b", color: "#54677a", weight: 1 },
} as const satisfies Record<ThemeName, GroundLook>;
const outlined = { light: "#10202f", dark: "#f2f6fa" } as const;

/** A county without figures of its own; the one that is chosen has a strong outline. */
export function plainLook(theme: ThemeName, isChosen: boolean): GroundLook {
  return isChosen ? { ...plain[theme], color: outlined[theme], weight: 2.5 } : plain[theme];
}

/** Draws the counties as the ground under everything else. */
export function groundLayer(
  boundaries: Boundaries,
  lookOf: (code: string) => GroundLook,
  onChoose?: (code: string) => void,
): L.GeoJSON {
  return L.geoJSON<AreaProperties>(boundaries, {
    interactive: onChoose !== undefined,
    style: (feature?: Feature<Geometry, AreaProperties>) => ({
      ...lookOf(feature?.properties.code ?? ""),
      fillOpacity: 1,
    }),
    onEachFeature: (feature: Feature<Geometry, AreaProperties>, layer) => {
      if (onChoose) layer.on("click", () => onChoose(feature.properties.code));
    },
  });
}

/** The bounds of a county, or of all of them where it has no outline of its own. */
export function boundsOf(boundaries: Boundaries, county: string): L.LatLngBounds {
  const part = boundaries.features.find((feature) => feature.properties.code === county);
  return L.geoJSON(part ?? boundaries).getBounds();
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
export function labelLayer(map: L.Map, labels: readonly MapLabel[], className: string, belowPx = 0): L.LayerGroup {
  const shifts = shiftsOf(map, labels);
  const markers = labels.flatMap((label, index) => {
    const shift = shifts[index] ?? null;
    if (shift === null) return [];
    const note = label.note === "" ? "" : `<b>${escaped(label.note)}</b>`;
    const icon = L.divIcon({
      className: `map-label ${className}`,
      html: `<span>${escaped(label.name)}${note}</span>`,
      iconSize: [0, 0],
      iconAnchor: [0, -shift - belowPx],
    });
    return L.marker([label.lat, label.lon], { keyboard: true, icon, zIndexOffset: 1000 }).on("click", label.onChoose);
  });
  return L.layerGroup(markers);
}

/** Keeps one set of labels on the map and lays it out again when the map's scale changes. */
export function useLabels(
  map: RefObject<L.Map | null>,
  labels: readonly MapLabel[],
  ready: boolean,
  className: string,
  belowPx = 0,
): void {
  useEffect(() => {
    const on = map.current;
    if (!on || !ready || labels.length === 0) return undefined;
    let layer = labelLayer(on, labels, className, belowPx).addTo(on);
    const again = (): void => {
      layer.remove();
      layer = labelLayer(on, labels, className, belowPx).addTo(on);
    };
    on.on("zoomend resize", again);
    return () => {
      on.off("zoomend resize", again);
      layer.remove();
    };
  }, [map, labels, ready, className, belowPx]);
}

/** English names lose their generic last word on a map, where every county is one. */
export function shortName(name: string): string {
  return name
    .replace(/ (County|District|City|Town|Township|Subdistrict)$/, "")
    .replace(/ (and Technological )?Development Zone$/, " Zone");
}
