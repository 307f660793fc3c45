import L from "leaflet";
import type { BoardSite, BoardZone } from "#domain/command";
import { escaped, plainLook, type GroundLook } from "#web/base-map";
import { riskColours } from "#web/theme";
import type { ThemeName } from "#web/preferences";

/** Cases so far in four steps; the number itself stands in the county's label. */
const caseSteps = [1, 10, 100] as const;
const fills = {
  light: ["#f4f6f8", "#dfe9f3", "#c3d7ea", "#a3c2e0"],
  dark: ["#17212b", "#1d3145", "#24435f", "#2c567b"],
} as const;

function fillOf(cases: number, theme: ThemeName): string {
  const step = caseSteps.filter((least) => cases >= least).length;
  return fills[theme][step] ?? fills[theme][0];
}

/** A county filled by its cases so far. */
export function caseLook(cases: number, theme: ThemeName, isChosen: boolean): GroundLook {
  return { ...plainLook(theme, isChosen), fillColor: fillOf(cases, theme) };
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
