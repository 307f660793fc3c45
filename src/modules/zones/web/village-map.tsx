import { Button } from "antd";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTheme } from "#web/preferences";
import { riskColours } from "#web/theme";
import { areaLabel, type AreaRow } from "#webx/area-names";
import "./zones.css";

interface MapProps {
  readonly villages: readonly AreaRow[];
  readonly chosen: ReadonlyMap<string, AreaRow>;
  /** Turns villages over, or all of them on. */
  readonly onToggle: (codes: readonly string[], on?: boolean) => void;
}

/** The villages of a town as points: click to choose one, or draw a rectangle round many; the list beside it is the same. */
export function VillageMap(props: MapProps): ReactNode {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map | null>(null);
  const [framing, setFraming] = useState(false);
  const { villages, chosen, onToggle } = props;
  const placed = villages.filter(({ lat, lon }) => lat != null && lon != null);

  useEffect(() => {
    if (!box.current) return undefined;
    const made = L.map(box.current, {
      renderer: L.canvas({ padding: 0.3 }),
      attributionControl: false,
      zoomSnap: 0.25,
    });
    made.setView([35.2, 115.6], 11);
    map.current = made;
    const watcher = new ResizeObserver(() => made.invalidateSize());
    watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      made.remove();
      map.current = null;
    };
  }, []);

  useEffect(() => {
    const bounds = L.latLngBounds(
      villages.flatMap(({ lat, lon }) => (lat == null || lon == null ? [] : [[lat, lon] as [number, number]])),
    );
    if (bounds.isValid()) map.current?.fitBounds(bounds.pad(0.1), { animate: false });
  }, [villages]);

  useEffect(() => {
    const on = map.current;
    if (!on) return undefined;
    const marks = L.layerGroup(
      villages.flatMap((village) => {
        if (village.lat == null || village.lon == null) return [];
        const inside = chosen.has(village.code);
        const mark = L.circleMarker([village.lat, village.lon], {
          radius: inside ? 9 : 6,
          weight: inside ? 3 : 1.5,
          color: theme === "dark" ? "#ffffff" : "#1d1206",
          fillColor: inside ? riskColours.high : "#9fb0bf",
          fillOpacity: 0.9,
        });
        mark.bindTooltip(areaLabel(village, i18n.language), { direction: "top" });
        return [mark.on("click", () => onToggle([village.code]))];
      }),
    ).addTo(on);
    return () => void marks.remove();
  }, [villages, chosen, theme, i18n.language, onToggle]);

  useEffect(() => {
    const on = map.current;
    if (!on || !framing) return undefined;
    return frame(on, (bounds) => {
      const inside = villages.filter(
        ({ lat, lon }) => lat != null && lon != null && bounds.contains([lat, lon] as [number, number]),
      );
      onToggle(
        inside.map(({ code }) => code),
        true,
      );
      setFraming(false);
    });
  }, [framing, villages, onToggle]);

  if (placed.length === 0) return <p className="muted">{t("zones.draw.noPlaces")}</p>;
  return (
    <>
      <div className="page-actions">
        <Button size="small" aria-pressed={framing} onClick={() => setFraming(!framing)}>
          {framing ? t("zones.draw.framing") : t("zones.draw.frame")}
        </Button>
        <Button
          size="small"
          onClick={() =>
            onToggle(
              villages.map(({ code }) => code),
              true,
            )
          }
        >
          {t("zones.draw.all")}
        </Button>
      </div>
      <div ref={box} className="village-map" role="application" aria-label={t("zones.draw.mapLabel")} />
    </>
  );
}

/** Lets the next drag draw a rectangle instead of moving the map. */
function frame(map: L.Map, onDrawn: (bounds: L.LatLngBounds) => void): () => void {
  map.dragging.disable();
  map.getContainer().classList.add("village-map-framing");
  let from: L.LatLng | null = null;
  const shown = L.rectangle(map.getBounds(), { weight: 2, color: "#0b5cad", fillOpacity: 0.1 });
  const start = ({ latlng }: L.LeafletMouseEvent): void => {
    from = latlng;
    shown.setBounds(L.latLngBounds(latlng, latlng)).addTo(map);
  };
  const move = ({ latlng }: L.LeafletMouseEvent): void => {
    if (from) shown.setBounds(L.latLngBounds(from, latlng));
  };
  const end = ({ latlng }: L.LeafletMouseEvent): void => {
    if (from) onDrawn(L.latLngBounds(from, latlng));
  };
  map.on("mousedown", start).on("mousemove", move).on("mouseup", end);
  return () => {
    map.off("mousedown", start).off("mousemove", move).off("mouseup", end);
    shown.remove();
    map.dragging.enable();
    map.getContainer().classList.remove("village-map-framing");
  };
}
