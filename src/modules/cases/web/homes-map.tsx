import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HeldMember } from "#domain/cases";
import type { Page } from "#web/api";
import { useTheme } from "#web/preferences";
import { riskColours } from "#web/theme";
import { areaLabel, childrenQuery, type AreaRow } from "#webx/area-names";

const townChars = 9;
const zoomMax = 12;
const radiusLeast = 6;

/** A village with members of the tube, and how many of them nobody has re-sampled. */
interface Home {
  readonly area: AreaRow;
  readonly count: number;
  readonly missing: number;
}

function homesOf(members: readonly HeldMember[], villages: readonly AreaRow[]): Home[] {
  const byCode = new Map(villages.map((area) => [area.code, area]));
  return [...new Set(members.map((member) => member.areaCode))].flatMap((code) => {
    const area = byCode.get(code);
    const here = members.filter((member) => member.areaCode === code);
    const missing = here.filter((member) => member.recheckTubeId === null && member.liftedAt === null).length;
    return area?.lat == null || area.lon == null ? [] : [{ area, count: here.length, missing }];
  });
}

/** The villages of all the towns asked for, as one list that changes only when an answer does. */
function villagesOf(answers: readonly UseQueryResult<Page<AreaRow>>[]): {
  readonly villages: readonly AreaRow[];
  readonly settled: boolean;
} {
  return {
    villages: answers.flatMap((answer) => answer.data?.items ?? []),
    settled: answers.every((answer) => !answer.isPending),
  };
}

/** Where the members of a tube live, village by village, never closer; the table below says the same. */
export default function HomesMap(props: { readonly members: readonly HeldMember[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const { members } = props;
  const towns = useMemo(() => [...new Set(members.map(({ areaCode }) => areaCode.slice(0, townChars)))], [members]);
  const found = useQueries({ queries: towns.map((town) => childrenQuery(town)), combine: villagesOf });
  const { villages, settled } = found;
  const homes = useMemo(() => (settled ? homesOf(members, villages) : []), [members, villages, settled]);
  useEffect(() => {
    if (!box.current || homes.length === 0) return undefined;
    const map = L.map(box.current, { renderer: L.canvas(), attributionControl: false, zoomSnap: 0.25 });
    // The other villages of the towns are small dots, so that one village has neighbours to be known by.
    for (const { lat, lon } of villages)
      if (lat != null && lon != null)
        L.circleMarker([lat, lon], { radius: 2, stroke: false, fillColor: "#7d8b99", fillOpacity: 0.7 }).addTo(map);
    for (const { area, count, missing } of homes) {
      if (area.lat == null || area.lon == null) continue;
      const mark = L.circleMarker([area.lat, area.lon], {
        radius: radiusLeast + 2 * Math.sqrt(count),
        weight: missing > 0 ? 4 : 1.5,
        color: missing > 0 ? riskColours.high : theme === "dark" ? "#ffffff" : "#1d1206",
        fillColor: "#9fb0bf",
        fillOpacity: 0.9,
      }).addTo(map);
      const name = document.createElement("span");
      name.textContent = t("tubes.homeOf", { name: areaLabel(area, i18n.language), count, missing });
      mark.bindTooltip(name, { direction: "top", permanent: homes.length <= 6 });
    }
    map.fitBounds(
      L.latLngBounds(homes.map(({ area }) => [area.lat ?? 0, area.lon ?? 0] as [number, number])).pad(0.4),
      { animate: false, maxZoom: zoomMax },
    );
    return () => void map.remove();
  }, [homes, villages, theme, i18n.language, t]);
  if (settled && homes.length === 0) return <p className="muted">{t("tubes.noHomes")}</p>;
  return (
    <>
      <div ref={box} className="homes-map" role="application" aria-label={t("tubes.homesLabel")} />
      <p className="muted">{t("tubes.homesNote")}</p>
    </>
  );
}
