import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import L from "leaflet";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { areaLabel, childrenQuery, type AreaRow } from "./area-names.tsx";
import {
  boundariesQuery,
  boundsOf,
  escaped,
  groundLayer,
  plainLook,
  shortName,
  useLabels,
  useLeaflet,
} from "./base-map.ts";
import { useOutbreak } from "./board.ts";
import type { Position } from "./position-fields.tsx";
import { useTheme } from "./preferences.ts";

const countyChars = 6;
const townChars = 9;
/** Five decimals are a metre. */
const degreeParts = 1e5;
const closeZoom = 12;

function rounded({ lat, lng }: L.LatLng): Position {
  return { lat: Math.round(lat * degreeParts) / degreeParts, lon: Math.round(lng * degreeParts) / degreeParts };
}

/** A map on which a point is pressed; the arrow keys move it and Enter takes its middle. */
export default function PositionMap(props: {
  /** The area in which the place lies, as far as it is known. */
  readonly area: string;
  readonly value: Position | null;
  readonly onPick: (position: Position) => void;
}): ReactNode {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const map = useLeaflet(box);
  const { area, value, onPick } = props;
  const pick = useCallback((at: L.LatLng) => onPick(rounded(at)), [onPick]);
  // Which area somebody looks at closer, for as long as the form names the same one.
  const [looked, setLooked] = useState({ from: area, code: area });
  const seen = looked.from === area ? looked.code : area;
  const look = useCallback((code: string) => setLooked({ from: area, code }), [area]);
  useGround(map, seen, value, look);
  useMarker(map, value, pick);

  useEffect(() => {
    const on = map.current;
    if (!on) return undefined;
    const press = ({ latlng }: L.LeafletMouseEvent): void => pick(latlng);
    on.on("click", press);
    return () => void on.off("click", press);
  }, [map, pick]);

  const takeMiddle = (): void => {
    if (map.current) pick(map.current.getCenter());
  };
  const onKey = (event: React.KeyboardEvent): void => {
    // On a label Enter opens the area; on the map itself it takes the middle.
    if (event.key !== "Enter" || event.target !== box.current) return;
    event.preventDefault();
    takeMiddle();
  };
  return (
    <div className="position-map">
      <p className="muted">{t("form.position.hint")}</p>
      <div className="position-map-frame">
        <div ref={box} className="map" role="application" aria-label={t("form.position.label")} onKeyDown={onKey} />
        <span className="position-map-middle" aria-hidden="true" />
      </div>
      <div className="page-actions">
        <Button size="small" onClick={takeMiddle}>
          {t("form.position.middle")}
        </Button>
        {seen !== area ? (
          <Button size="small" onClick={() => look(area)}>
            {t("form.position.back")}
          </Button>
        ) : null}
        <output className="muted" aria-live="polite">
          {value === null
            ? t("common.noPosition")
            : t("form.position.at", { lat: String(value.lat), lon: String(value.lon) })}
        </output>
      </div>
    </div>
  );
}

/** The outlines, the names of the areas one level down, and the villages as dots to find one's way by. */
function useGround(
  map: RefObject<L.Map | null>,
  seen: string,
  value: Position | null,
  onLook: (code: string) => void,
): void {
  const { i18n } = useTranslation();
  const theme = useTheme();
  const outbreak = useOutbreak();
  const county = seen.length >= countyChars ? seen.slice(0, countyChars) : "";
  const town = seen.length >= townChars ? seen.slice(0, townChars) : "";
  const root = outbreak?.areaCode ?? "";
  const shapes = useQuery(boundariesQuery).data;
  const below = useQuery({ ...childrenQuery(county || root), enabled: (county || root) !== "" }).data;
  const villages = useQuery({ ...childrenQuery(town), enabled: town !== "" }).data;
  const language = i18n.language;

  useEffect(() => {
    if (!map.current || !shapes) return undefined;
    const layer = groundLayer(shapes, (code) => plainLook(theme, code === county)).addTo(map.current);
    layer.bringToBack();
    return () => void layer.remove();
  }, [map, shapes, theme, county]);

  // A point that was there before is shown where it is; one that is pressed moves nothing.
  const first = useRef(value);
  useEffect(() => {
    const on = map.current;
    if (!on || !shapes) return;
    if (first.current) on.setView([first.current.lat, first.current.lon], closeZoom, { animate: false });
    else {
      const around = L.latLngBounds(pointsOf(town === "" ? [] : (villages?.items ?? [])));
      const bounds = around.isValid() ? around.pad(0.15) : boundsOf(shapes, county);
      if (bounds.isValid()) on.fitBounds(bounds, { animate: false, padding: [6, 6] });
    }
    first.current = null;
  }, [map, shapes, county, town, villages]);

  const labels = useMemo(
    () =>
      (below?.items ?? []).flatMap((row) => {
        if (row.lat == null || row.lon == null) return [];
        const name = shortName(areaLabel(row, language));
        return [{ lat: row.lat, lon: row.lon, name, note: "", onChoose: () => onLook(row.code) }];
      }),
    [below, language, onLook],
  );
  useLabels(map, labels, shapes !== undefined, county === "" ? "map-county" : "map-town");

  useEffect(() => {
    if (!map.current) return undefined;
    const dots = (villages?.items ?? []).flatMap((row) =>
      row.lat == null || row.lon == null
        ? []
        : [
            L.circleMarker([row.lat, row.lon], {
              radius: 3,
              stroke: false,
              fillColor: "#7d8b99",
              fillOpacity: 0.9,
            }).bindTooltip(escaped(areaLabel(row, language)), { direction: "top" }),
          ],
    );
    const layer = L.layerGroup(dots).addTo(map.current);
    return () => void layer.remove();
  }, [map, villages, language]);
}

function pointsOf(areas: readonly AreaRow[]): [number, number][] {
  return areas.flatMap(({ lat, lon }) => (lat == null || lon == null ? [] : [[lat, lon] as [number, number]]));
}

/** The point itself, which can be dragged to where it belongs. */
function useMarker(map: RefObject<L.Map | null>, value: Position | null, pick: (at: L.LatLng) => void): void {
  const { lat, lon } = value ?? {};
  useEffect(() => {
    if (!map.current || lat === undefined || lon === undefined) return undefined;
    const marker = L.marker([lat, lon], {
      draggable: true,
      keyboard: false,
      zIndexOffset: 2000,
      icon: L.divIcon({ className: "position-pin", html: "<span></span>", iconSize: [22, 28], iconAnchor: [11, 26] }),
    });
    marker.on("dragend", () => pick(marker.getLatLng())).addTo(map.current);
    return () => void marker.remove();
  }, [map, lat, lon, pick]);
}
