import { useQuery } from "@tanstack/react-query";
import L from "leaflet";
import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { ringPointsMax, type MapPoint, type Shape } from "#domain/zones";
import {
  boundariesQuery,
  boundsOf,
  escaped,
  groundLayer,
  plainLook,
  shortName,
  useLabels,
  useLeaflet,
  type MapLabel,
} from "#web/base-map";
import { useTheme } from "#web/preferences";
import { riskColours } from "#web/theme";
import { areaLabel, type AreaRow } from "#webx/area-names";
import { dragBox, isOnFirst, shapeLayer } from "./draw-layers.ts";

/** How the next press on the map is taken. */
export type Tool = "pick" | "box" | "ring" | "circle";

interface MapProps {
  /** The county that is open; empty for the whole city. */
  readonly county: string;
  /** The town that is open; empty for the whole county. */
  readonly town: string;
  /** The areas one level down, to press: counties of the city, towns of the county. */
  readonly areas: readonly AreaRow[];
  readonly villages: readonly AreaRow[];
  readonly chosen: ReadonlyMap<string, AreaRow>;
  /** Cases so far, by area. */
  readonly cases: ReadonlyMap<string, number>;
  readonly tool: Tool;
  readonly ring: readonly MapPoint[];
  readonly circle: Shape | null;
  readonly onOpen: (code: string) => void;
  readonly onToggle: (code: string) => void;
  readonly onRing: (points: readonly MapPoint[]) => void;
  readonly onClose: () => void;
  readonly onBox: (shape: Shape) => void;
}

/** The map on which zones are drawn: counties to press, then towns, then villages as points. */
export default function DrawMap(props: MapProps): ReactNode {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const map = useLeaflet(box);
  useGround(map, props);
  useVillages(map, props);
  useNames(map, props);
  useTools(map, props);
  return (
    <div
      ref={box}
      className="map draw-map"
      role="application"
      aria-label={props.county === "" ? t("zones.draw.mapCounties") : t("zones.draw.mapLabel")}
    />
  );
}

function placed(rows: readonly AreaRow[]): (AreaRow & MapPoint)[] {
  return rows.flatMap((row) => (row.lat == null || row.lon == null ? [] : [{ ...row, lat: row.lat, lon: row.lon }]));
}

/** The outlines with the names of what can be opened, and the part of them that is looked at. */
function useGround(map: RefObject<L.Map | null>, props: MapProps): void {
  const { county, town, areas, villages, cases, onOpen } = props;
  const { i18n } = useTranslation();
  const theme = useTheme();
  const shapes = useQuery(boundariesQuery).data;

  useEffect(() => {
    if (!map.current || !shapes) return undefined;
    const open = county === "" ? onOpen : undefined;
    const layer = groundLayer(shapes, (code) => plainLook(theme, code === county), open).addTo(map.current);
    layer.bringToBack();
    return () => void layer.remove();
  }, [map, shapes, county, theme, onOpen]);

  const frame = useMemo(
    () => L.latLngBounds(placed(town === "" ? [] : villages.filter(({ code }) => code.startsWith(town))).map(pairOf)),
    [town, villages],
  );
  useEffect(() => {
    if (!map.current || !shapes) return;
    const bounds = frame.isValid() ? frame.pad(0.12) : boundsOf(shapes, county);
    if (bounds.isValid()) map.current.fitBounds(bounds, { animate: false, padding: [8, 8] });
  }, [map, shapes, county, frame]);

  const language = i18n.language;
  const labels = useMemo(
    (): MapLabel[] =>
      placed(areas)
        .filter(({ code }) => code !== town)
        .toSorted((a, b) => (cases.get(b.code) ?? 0) - (cases.get(a.code) ?? 0))
        .map((area) => ({
          lat: area.lat,
          lon: area.lon,
          name: shortName(areaLabel(area, language)),
          note: cases.has(area.code) ? String(cases.get(area.code)) : "",
          onChoose: () => onOpen(area.code),
        })),
    [areas, town, cases, language, onOpen],
  );
  useLabels(map, labels, shapes !== undefined, county === "" ? "map-county" : "map-town");
}

function pairOf({ lat, lon }: MapPoint): [number, number] {
  return [lat, lon];
}

/** Radius in pixels: small over a whole county, so that the towns' names stay readable. */
const dot = { county: { plain: 2.5, chosen: 5.5 }, town: { plain: 6, chosen: 9 } } as const;
const ink = { light: "#1d1206", dark: "#ffffff" } as const;

const namedMax = 90;
const nameBelowPx = 14;

/** The names of the open town's villages, each of which chooses its village by key too. */
function useNames(map: RefObject<L.Map | null>, props: MapProps): void {
  const { town, villages, onToggle } = props;
  const language = useTranslation().i18n.language;
  const labels = useMemo((): MapLabel[] => {
    const here = placed(town === "" ? [] : villages.filter(({ code }) => code.startsWith(town)));
    if (here.length > namedMax) return [];
    return here.map(({ code, lat, lon, ...village }) => ({
      lat,
      lon,
      name: villageName(areaLabel(village, language)),
      note: "",
      onChoose: () => onToggle(code),
    }));
  }, [town, villages, language, onToggle]);
  useLabels(map, labels, true, "map-village", nameBelowPx);
}

/** A village's name without the last word that all of them share. */
function villageName(name: string): string {
  return name.replace(/ (Village|Residents' Committee|Community)$/, "").replace(/(?<=..)(居委会|村|社区)$/, "");
}

/** The villages as points: chosen ones filled, those with cases ringed. */
function useVillages(map: RefObject<L.Map | null>, props: MapProps): void {
  const { town, villages, chosen, cases, tool, onToggle } = props;
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const language = i18n.language;
  useEffect(() => {
    if (!map.current) return undefined;
    const marks = placed(villages).map((village) => {
      const isChosen = chosen.has(village.code);
      const count = cases.get(village.code);
      const near = town === "" || village.code.startsWith(town);
      const radius = dot[town !== "" && near ? "town" : "county"];
      const mark = L.circleMarker(pairOf(village), {
        // While something is drawn, a press is a corner of it, also on a village.
        interactive: tool === "pick",
        radius: isChosen || count ? radius.chosen : radius.plain,
        weight: isChosen || count ? 2.5 : 1,
        stroke: isChosen || count !== undefined || town !== "",
        color: count ? riskColours.medium : ink[theme],
        fillColor: isChosen ? riskColours.high : "#9fb0bf",
        fillOpacity: near ? 0.9 : 0.35,
      });
      const name = areaLabel(village, language);
      mark.bindTooltip(escaped(count ? t("zones.draw.withCases", { name, count }) : name), { direction: "top" });
      return mark.on("click", () => onToggle(village.code));
    });
    const layer = L.layerGroup(marks).addTo(map.current);
    return () => void layer.remove();
  }, [map, villages, chosen, cases, town, tool, theme, language, t, onToggle]);
}

/** Corners of a ring by pressing, a rectangle by dragging, and the circle as it is set beside the map. */
function useTools(map: RefObject<L.Map | null>, props: MapProps): void {
  const { tool, ring, circle, onRing, onClose, onBox } = props;
  const theme = useTheme();
  const [dragged, setDragged] = useState<Shape | null>(null);
  const shape = useMemo((): Shape | null => {
    if (tool === "ring") return { kind: "ring", points: ring };
    return tool === "box" ? dragged : circle;
  }, [tool, ring, dragged, circle]);

  useEffect(() => {
    if (!map.current || !shape) return undefined;
    const layer = shapeLayer(shape, theme).addTo(map.current);
    return () => void layer.remove();
  }, [map, shape, theme]);

  useEffect(() => {
    const on = map.current;
    if (!on || tool !== "ring") return undefined;
    const press = ({ latlng }: L.LeafletMouseEvent): void => {
      if (isOnFirst(on, ring, latlng)) onClose();
      else if (ring.length < ringPointsMax) onRing([...ring, { lat: latlng.lat, lon: latlng.lng }]);
    };
    on.doubleClickZoom.disable();
    on.getContainer().classList.add("draw-map-framing");
    on.on("click", press);
    return () => {
      on.off("click", press);
      on.getContainer().classList.remove("draw-map-framing");
      on.doubleClickZoom.enable();
    };
  }, [map, tool, ring, onRing, onClose]);

  useEffect(() => {
    if (!map.current || tool !== "box") return undefined;
    return dragBox(map.current, setDragged, (done) => {
      setDragged(null);
      if (done) onBox(done);
    });
  }, [map, tool, onBox]);
}
