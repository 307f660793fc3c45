import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PlaceKind } from "#domain/command";
import { keepMapLayers, mapLayersKept } from "#web/preferences";

/** Layers of places, which are fetched by themselves. */
export const mapPlaces = ["sampling", "laboratory", "checkpoint"] as const satisfies readonly PlaceKind[];
const mapLayers = ["zones", "isolation", ...mapPlaces] as const;
export type MapLayer = (typeof mapLayers)[number];

/** What the map shows until somebody chooses otherwise. */
const atFirst: readonly MapLayer[] = ["zones", "isolation"];

/** The layers shown, in their order, and a way to show or hide one; the device remembers. */
export function useMapLayers(): readonly [readonly MapLayer[], (layer: MapLayer) => void] {
  const [shown, setShown] = useState<readonly MapLayer[]>(() => {
    const kept = mapLayersKept();
    return kept === null ? atFirst : mapLayers.filter((layer) => kept.includes(layer));
  });
  const toggle = (layer: MapLayer): void => {
    const next = mapLayers.filter((one) => (one === layer) !== shown.includes(one));
    setShown(next);
    keepMapLayers(next);
  };
  return [shown, toggle];
}

/** One switch a layer; what its marks look like stands in the legend while it is shown. */
export function MapSwitches(props: {
  readonly shown: readonly MapLayer[];
  readonly onToggle: (layer: MapLayer) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="map-switches" role="group" aria-label={t("board.map.layers")}>
      {mapLayers.map((layer) => (
        <button
          key={layer}
          type="button"
          className="map-switch"
          aria-pressed={props.shown.includes(layer)}
          onClick={() => props.onToggle(layer)}
        >
          {t(`board.map.layer.${layer}`)}
        </button>
      ))}
    </div>
  );
}
