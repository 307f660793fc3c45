import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import L from "leaflet";
import { useCallback, useEffect, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { BoardPlace, PlaceKind, PlacesAnswer } from "#domain/command";
import { laidOut, type Beside } from "#kernel/map-marks";
import { get, withQuery } from "#web/api";
import { escaped } from "#web/base-map";
import { useTheme, type ThemeName } from "#web/preferences";
import { useSession } from "#web/session";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-names";
import { ProblemNotice } from "#webx/parts";

/** Places change seldom; a page that stays open asks again after a while. */
const staleMs = 10 * 60_000;

/** The list that a place stands in, and who may read it. */
const lists = {
  sampling: { to: "/tubes", tab: "sites", needs: "screening.round.read" },
  laboratory: { to: "/tubes", tab: "labs", needs: "screening.round.read" },
  checkpoint: { to: "/inbound", tab: "checkpoints", needs: "inbound.pass.read" },
} as const;

const siteColours = { light: "#0b7a75", dark: "#4fd1c5" } as const;
const paper = { light: "#ffffff", dark: "#10202f" } as const;

/** One kind of places on the map, fetched when it is first shown and drawn until it is hidden. */
export default function MapPlaces(props: {
  readonly map: RefObject<L.Map | null>;
  readonly kind: PlaceKind;
  /** The chosen county; empty for all. */
  readonly county: string;
  readonly onChoose: (code: string) => void;
}): ReactNode {
  const { map, kind, county, onChoose } = props;
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const open = useOpen(kind, onChoose);
  const language = i18n.language;
  const area = kind === "sampling" ? county : "";
  const found = useQuery({
    queryKey: ["board-places", kind, area],
    queryFn: () =>
      get<PlacesAnswer>(withQuery("/api/v1/board/places", { kind, ...(area === "" ? {} : { areaCode: area }) })),
    staleTime: staleMs,
    meta: { topics: ["outbreaks"] },
  });
  const places = found.data?.items;

  useEffect(() => {
    if (!places || !map.current) return undefined;
    const word = (place: BoardPlace): string => {
      const named = t(`board.map.place.${place.count > 1 ? "together" : kind}`, {
        name: areaLabel(place, language),
        count: place.count,
        capacity: numberText(place.capacity),
      });
      return isAbout(place) ? t("board.map.place.about", { place: named }) : named;
    };
    const marks = laidOut(kind, places).map(({ place, beside }) => {
      const mark =
        kind === "sampling" && place.exact ? siteDot(place, theme) : placeMark(kind, place, beside, word(place));
      return mark.bindTooltip(escaped(word(place)), { direction: "top" }).on("click", () => open(place));
    });
    const layer = L.layerGroup(marks).addTo(map.current);
    return () => void layer.remove();
  }, [map, kind, places, theme, language, t, open]);

  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data?.more) return null;
  return <p className="map-note">{t("board.map.cut", { count: found.data.items.length })}</p>;
}

/** A mark for several opens their county; one for a single place opens the list it stands in, for whoever may read it. */
function useOpen(kind: PlaceKind, onChoose: (code: string) => void): (place: BoardPlace) => void {
  const go = useNavigate();
  const list = lists[kind];
  const may = useSession()?.permissions.includes(list.needs) ?? false;
  return useCallback(
    (place) => {
      if (place.id === place.areaCode) onChoose(place.areaCode);
      else if (may) void go({ to: list.to, search: { tab: list.tab, areaCode: place.areaCode } });
    },
    [go, list, may, onChoose],
  );
}

/** Wide enough to go round the square of an isolation site at the same place, and clear enough to leave it seen. */
const siteRadiusPx = 7.5;
const siteFill = 0.35;

/** Thousands of sites are drawn on the canvas: a ring, so that a zone's full dot stays apart from it. */
function siteDot(place: BoardPlace, theme: ThemeName): L.CircleMarker {
  return L.circleMarker([place.lat, place.lon], {
    radius: siteRadiusPx,
    color: siteColours[theme],
    weight: 2,
    fillColor: paper[theme],
    fillOpacity: siteFill,
  });
}

/** One place of which only the area is known; several together stand for their area as a whole. */
function isAbout(place: BoardPlace): boolean {
  return !place.exact && place.id !== place.areaCode;
}

/** A mark that can be reached by key; its words are for the screen reader what the tooltip is for the eye. */
function placeMark(kind: PlaceKind, place: BoardPlace, beside: Beside, word: string): L.Marker {
  const number = place.count > 1 || kind === "sampling" ? numberText(place.count) : "";
  const shift = `translate:${beside.x}px ${beside.y}px`;
  const ring = isAbout(place) ? `<span class="map-mark map-about" aria-hidden="true" style="${shift}"></span>` : "";
  return L.marker([place.lat, place.lon], {
    keyboard: true,
    // A name stays readable over a mark that stands where it is; one that was put beside its area lies on top.
    zIndexOffset: place.exact ? 800 : 1100,
    icon: L.divIcon({
      className: "map-place",
      html: `${ring}<span class="map-mark map-mark-${kind}" aria-hidden="true" style="${shift}">${number}</span><span class="sr-only">${escaped(word)}</span>`,
      iconSize: [0, 0],
    }),
  });
}
