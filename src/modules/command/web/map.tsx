import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import L from "leaflet";
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Board, BoardCounty } from "#domain/command";
import { boundariesQuery, boundsOf, groundLayer, shortName, useLabels, useLeaflet, type MapLabel } from "#web/base-map";
import { wordFor } from "#web/i18n";
import { useTheme } from "#web/preferences";
import { numberText } from "#web/time";
import { areaLabel, AreaName, childrenQuery } from "#webx/area-names";
import { Panel, ProblemNotice } from "#webx/parts";
import { caseLook, siteLayer, zoneLayer } from "./map-layers.ts";
import { mapPlaces, MapSwitches, useMapLayers, type MapLayer } from "./map-switches.tsx";

/** Fetched when the first of its layers is shown: the first page must not wait for it. */
const MapPlaces = lazy(() => import("./map-places.tsx"));

const countyCodeLength = 6;

/** The map of the city: counties and towns, zones and isolation sites; or the same as a table. */
export function MapPanel(props: { readonly board: Board }): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  const [asTable, setAsTable] = useState(false);
  const [shown, toggle] = useMapLayers();
  const { board } = props;
  return (
    <Panel
      title={t("board.map.title")}
      className="panel-map"
      side={
        <>
          {chosen === "" ? null : (
            <Button size="small" onClick={() => setChosen("")}>
              {t("board.map.whole")}
            </Button>
          )}
          <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t("common.asMap") : t("common.asTable")}
          </Button>
        </>
      }
    >
      {asTable ? (
        <CountyTable counties={board.counties} />
      ) : (
        <>
          <MapBox board={board} chosen={chosen} onChoose={setChosen} shown={shown} />
          <MapSwitches shown={shown} onToggle={toggle} />
          <Legend shown={shown} />
        </>
      )}
      {chosen === "" || asTable ? null : <AreaCard board={board} code={chosen} />}
    </Panel>
  );
}

function MapBox(props: {
  readonly board: Board;
  readonly chosen: string;
  readonly onChoose: (code: string) => void;
  readonly shown: readonly MapLayer[];
}): ReactNode {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const map = useLeaflet(box);
  const { board, chosen, onChoose, shown } = props;
  const boundaries = useQuery(boundariesQuery);
  const county = chosen.slice(0, countyCodeLength);
  const towns = useQuery({ ...childrenQuery(county), enabled: county !== "" });
  const shapes = boundaries.data;

  useEffect(() => {
    if (!map.current || !shapes) return undefined;
    const counties = new Map(board.counties.map((row) => [row.code, row]));
    // The canvas draws in the order of adding; the counties are the ground under everything else.
    const layer = groundLayer(
      shapes,
      (code) => caseLook(counties.get(code)?.cases ?? 0, theme, code !== "" && chosen.startsWith(code)),
      onChoose,
    );
    layer.addTo(map.current).bringToBack();
    return () => void layer.remove();
  }, [map, shapes, board.counties, chosen, theme, onChoose]);

  useEffect(() => {
    if (!map.current || !shapes) return;
    const bounds = boundsOf(shapes, county);
    if (bounds.isValid()) map.current.fitBounds(bounds, { padding: [8, 8], animate: false });
  }, [map, shapes, county]);

  const language = i18n.language;
  const countyLabels = useMemo(
    () =>
      labelsOf(
        board.counties.filter((row) => row.code !== county),
        language,
        onChoose,
      ),
    [board.counties, county, language, onChoose],
  );
  const townLabels = useMemo(
    () => labelsOf(county === "" ? [] : (towns.data?.items ?? []), language, onChoose),
    [towns.data, county, language, onChoose],
  );
  useLabels(map, countyLabels, shapes !== undefined, "map-county");
  useLabels(map, townLabels, shapes !== undefined, "map-town");

  useEffect(() => {
    if (!map.current) return undefined;
    const sites = shown.includes("isolation") ? board.sites : [];
    const zones = shown.includes("zones") ? board.zones : [];
    const marks = L.layerGroup([
      siteLayer(sites, county !== "", (site) =>
        t("board.map.site", {
          name: site.name,
          kind: wordFor(t, "enums.siteKind", site.kind),
          inUse: numberText(site.inUse),
          capacity: numberText(site.capacity),
        }),
      ),
      zoneLayer(
        zones,
        (zone) =>
          t("board.map.zone", { name: zone.name, level: wordFor(t, "enums.risk", zone.level), days: zone.cleanDays }),
        theme,
      ),
    ]).addTo(map.current);
    return () => void marks.remove();
  }, [map, board.sites, board.zones, county, shown, theme, t]);

  return (
    <>
      {boundaries.error ? <ProblemNotice error={boundaries.error} retry={() => void boundaries.refetch()} /> : null}
      <div ref={box} className="map" role="application" aria-label={t("board.map.label")} />
      <Suspense fallback={null}>
        {mapPlaces
          .filter((kind) => shown.includes(kind))
          .map((kind) => (
            <MapPlaces key={kind} map={map} kind={kind} county={county} onChoose={onChoose} />
          ))}
      </Suspense>
    </>
  );
}

interface Labelled {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | null;
  readonly lat?: number | null;
  readonly lon?: number | null;
  readonly cases?: number;
}

/** Labels of areas that have a place, the hardest hit first, so that they keep their place on the map. */
function labelsOf(areas: readonly Labelled[], language: string, onChoose: (code: string) => void): MapLabel[] {
  return areas
    .toSorted((a, b) => (b.cases ?? 0) - (a.cases ?? 0))
    .flatMap((area) =>
      area.lat == null || area.lon == null
        ? []
        : [
            {
              lat: area.lat,
              lon: area.lon,
              name: shortName(areaLabel(area, language)),
              note: area.cases ? numberText(area.cases) : "",
              onChoose: () => onChoose(area.code),
            },
          ],
    );
}

function Legend(props: { readonly shown: readonly MapLayer[] }): ReactNode {
  const { t } = useTranslation();
  const levels = props.shown.includes("zones") ? (["high", "medium", "low"] as const) : [];
  const kinds = props.shown.includes("isolation") ? (["central", "fangcang", "hospital"] as const) : [];
  return (
    <ul className="legend" aria-label={t("board.map.legend")}>
      {levels.map((level) => (
        <li key={level}>
          <span className={`legend-zone legend-${level}`} aria-hidden="true" />
          {t("board.map.zoneOf", { level: wordFor(t, "enums.risk", level) })}
        </li>
      ))}
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`map-site map-site-${kind} legend-site`} aria-hidden="true">
            <u />
          </span>
          {wordFor(t, "enums.siteKind", kind)}
        </li>
      ))}
      {mapPlaces
        .filter((kind) => props.shown.includes(kind))
        .map((kind) => (
          <li key={kind}>
            <span className={`map-mark map-mark-${kind}`} aria-hidden="true" />
            {t(`board.map.layer.${kind}`)}
          </li>
        ))}
      {mapPlaces.some((kind) => props.shown.includes(kind)) ? (
        <li>
          <span className="map-mark map-about" aria-hidden="true" />
          {t("board.map.about")}
        </li>
      ) : null}
    </ul>
  );
}

/** The lists of one area, and its figures when it is a county. */
function AreaCard(props: { readonly board: Board; readonly code: string }): ReactNode {
  const { t } = useTranslation();
  const { board, code } = props;
  const county = board.counties.find((row) => row.code === code);
  const lists = [
    ["/cases", t("shell.place.cases")],
    ["/contacts", t("shell.place.contacts")],
    ["/tubes", t("shell.place.tubes")],
    ["/zones", t("shell.place.zones")],
    ["/rooms", t("shell.place.rooms")],
    ["/tasks", t("shell.place.tasks")],
  ] as const;
  return (
    <div className="area-card" role="region" aria-live="polite" aria-label={t("board.map.chosen")}>
      <strong>
        <AreaName code={code} {...(county ? { fallback: areaLabel(county) } : {})} />
      </strong>
      {county ? (
        <span className="muted">
          {t("board.map.facts", {
            cases: numberText(county.cases),
            newToday: numberText(county.newToday),
            high: county.zonesHigh,
            medium: county.zonesMedium,
            overdue: numberText(county.overdue),
          })}
        </span>
      ) : null}
      <span className="area-links">
        {lists.map(([to, name]) => (
          <Link key={to} to={to} search={{ areaCode: code }}>
            {name}
          </Link>
        ))}
      </span>
    </div>
  );
}

function CountyTable(props: { readonly counties: readonly BoardCounty[] }): ReactNode {
  const { t } = useTranslation();
  const figures = ["cases", "newToday", "zonesHigh", "zonesMedium", "overdue"] as const;
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("board.round.county")}</th>
          {figures.map((name) => (
            <th key={name} scope="col" className="num">
              {t(`board.map.column.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.counties.map((row) => (
          <tr key={row.code}>
            <th scope="row">
              <Link to="/cases" search={{ areaCode: row.code }}>
                {areaLabel(row)}
              </Link>
            </th>
            {figures.map((name) => (
              <td key={name} className="num">
                {numberText(row[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
