import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useCallback, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "#domain/cases";
import { villagesIn, villagesMax, withinLimit, type Shape } from "#domain/zones";
import { get, withQuery, type Page } from "#web/api";
import { boardQuery, useOutbreak } from "#web/board";
import { useSession } from "#web/session";
import { useUnsavedGuard } from "#web/unsaved";
import { numberText } from "#web/time";
import { AreaFilter, areaLabel, childrenQuery } from "#webx/area-filter";
import type { AreaRow } from "#webx/area-names";
import { Panel, ProblemNotice, Waiting } from "#webx/parts";
import { Decide } from "./decide.tsx";
import { DrawTools, useDrawing, type Drawing } from "./draw-tools.tsx";
import "./zones.css";

/** Fetched with the page's own words, not before: the frame must not wait for the map. */
const DrawMap = lazy(() => import("./draw-map.tsx"));

const countyChars = 6;
const townChars = 9;
const casesMax = 200;

/** Draws zones: open a county and a town, choose villages on the map or in the list, see what it does, then decide. */
export function DrawPage(): ReactNode {
  const { t } = useTranslation();
  const own = useSession()?.areaCode ?? "";
  // A county's or a town's reader begins at home; the city's with the counties to press.
  const [place, setPlace] = useState(own.length >= countyChars ? own.slice(0, townChars) : "");
  const choice = useChoice();
  useUnsavedGuard(choice.chosen.size > 0);
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/zones">{t("zones.title")}</Link>
      </p>
      <header className="page-head">
        <div>
          <h1>{t("zones.draw.title")}</h1>
          <p className="page-intro">{t("zones.draw.intro")}</p>
        </div>
      </header>
      <div className="draw-body">
        <Choose place={place} onPlace={setPlace} choice={choice} />
        <Decide chosen={choice.chosen} onDrop={choice.drop} onDone={choice.clear} />
      </div>
    </div>
  );
}

interface Choice {
  readonly chosen: ReadonlyMap<string, AreaRow>;
  readonly toggle: (village: AreaRow) => void;
  /** Takes more villages in, and says in words what came of it. */
  readonly add: (villages: readonly AreaRow[]) => { readonly added: number; readonly left: number };
  readonly drop: (codes: readonly string[]) => void;
  readonly clear: () => void;
}

/** The villages that are chosen, in whatever town; at most as many as one decision takes. */
function useChoice(): Choice {
  const [chosen, setChosen] = useState<ReadonlyMap<string, AreaRow>>(new Map());
  const drop = useCallback(
    (codes: readonly string[]) => setChosen((now) => new Map([...now].filter(([code]) => !codes.includes(code)))),
    [],
  );
  const toggle = useCallback((village: AreaRow) => {
    setChosen((now) => {
      if (now.has(village.code)) return new Map([...now].filter(([code]) => code !== village.code));
      return now.size < villagesMax ? new Map(now).set(village.code, village) : now;
    });
  }, []);
  const add = useCallback(
    (villages: readonly AreaRow[]) => {
      const codes = villages.map(({ code }) => code);
      const { added, left } = withinLimit([...chosen.keys()], codes, villagesMax);
      const more = villages.filter(({ code }) => added.includes(code));
      setChosen((now) => new Map([...now, ...more.map((village): [string, AreaRow] => [village.code, village])]));
      return { added: added.length, left };
    },
    [chosen],
  );
  const clear = useCallback(() => setChosen(new Map()), []);
  return { chosen, toggle, add, drop, clear };
}

/** All the towns' villages as one list that changes only when an answer does. */
function villagesOf(answers: readonly UseQueryResult<Page<AreaRow>>[]) {
  return {
    villages: answers.flatMap((answer) => answer.data?.items ?? []),
    pending: answers.some((answer) => answer.isPending),
    error: answers.find((answer) => answer.error)?.error ?? null,
  };
}

/** Cases so far by area: the counties' from the board, the villages' and towns' from the county's latest cases. */
function useCases(county: string): { readonly counts: ReadonlyMap<string, number>; readonly list: readonly CaseRow[] } {
  const permissions = useSession()?.permissions ?? [];
  const board = useQuery({ ...boardQuery, enabled: permissions.includes("command.board.read") }).data;
  const url = withQuery("/api/v1/cases", { areaCode: county, limit: casesMax });
  const found = useQuery({
    queryKey: ["list", url, "draw"],
    queryFn: () => get<Page<CaseRow>>(url),
    enabled: county !== "" && permissions.includes("cases.case.read"),
    meta: { topics: ["cases"] },
  }).data;
  return useMemo(() => {
    const list = (found?.items ?? []).filter(({ state }) => state !== "excluded");
    const counts = new Map<string, number>();
    for (const row of board?.counties ?? []) if (row.cases > 0) counts.set(row.code, row.cases);
    for (const { areaCode } of list)
      for (const code of new Set([areaCode.slice(0, townChars), areaCode]))
        counts.set(code, (counts.get(code) ?? 0) + 1);
    return { counts, list };
  }, [board, found]);
}

function Choose(props: {
  readonly place: string;
  readonly onPlace: (code: string) => void;
  readonly choice: Choice;
}): ReactNode {
  const { t } = useTranslation();
  const { place, onPlace, choice } = props;
  const root = useOutbreak()?.areaCode ?? "";
  const own = useSession()?.areaCode ?? "";
  const county = place.slice(0, countyChars);
  const town = place.length >= townChars ? place : "";
  const below = useQuery({ ...childrenQuery(county || root), enabled: (county || root) !== "" });
  const areas = useMemo(
    () => (below.data?.items ?? []).filter(({ code }) => code.startsWith(own) || own.startsWith(code)),
    [below.data, own],
  );
  const towns = county === "" ? [] : areas;
  const found = useQueries({ queries: towns.map(({ code }) => childrenQuery(code)), combine: villagesOf });
  const villages = useMemo(() => found.villages.filter(({ code }) => code.startsWith(own)), [found.villages, own]);
  const cases = useCases(county);
  const { add, toggle, chosen } = choice;
  const take = useCallback(
    (shape: Shape) => {
      const codes = new Set(villagesIn(shape, villages));
      return add(villages.filter(({ code }) => codes.has(code)));
    },
    [villages, add],
  );
  const drawing = useDrawing(take);
  const pick = useCallback(
    (code: string) => {
      const village = villages.find((row) => row.code === code);
      if (village) toggle(village);
    },
    [villages, toggle],
  );
  const open = (code: string): void => {
    drawing.cancel();
    onPlace(code.slice(0, townChars));
  };
  const problem = below.error ?? found.error;
  return (
    <Panel title={t("zones.draw.villages")}>
      <div className="draw-place">
        <AreaFilter label={t("zones.draw.town")} value={place} cityCode={root} onChange={open} />
        {place.length > own.length && place !== "" ? (
          <Button size="small" onClick={() => open(town === "" ? "" : county)}>
            {town === "" ? t("zones.draw.toCity") : t("zones.draw.toCounty")}
          </Button>
        ) : null}
      </div>
      {problem ? <ProblemNotice error={problem} retry={() => void below.refetch()} /> : null}
      {county === "" ? (
        <p className="muted">{t("zones.draw.chooseCounty")}</p>
      ) : (
        <DrawTools drawing={drawing} cases={cases.list} villages={villages} />
      )}
      <Suspense fallback={<Waiting rows={8} />}>
        <DrawMap
          county={county}
          town={town}
          areas={areas}
          villages={villages}
          chosen={chosen}
          cases={cases.counts}
          tool={drawing.tool}
          ring={drawing.ring}
          circle={drawing.circle}
          onOpen={open}
          onToggle={pick}
          onRing={drawing.setRing}
          onClose={drawing.close}
          onBox={drawing.take}
        />
      </Suspense>
      <Told drawing={drawing} />
      <AreaList
        areas={town === "" ? areas : villages.filter(({ code }) => code.startsWith(town))}
        kind={town === "" ? (county === "" ? "counties" : "towns") : "villages"}
        cases={cases.counts}
        choice={choice}
        onOpen={open}
      />
      {found.pending && county !== "" ? <Waiting rows={3} /> : null}
    </Panel>
  );
}

/** What the last thing drawn took in, for the eye and for a screen reader. */
function Told({ drawing }: { readonly drawing: Drawing }): ReactNode {
  const { t } = useTranslation();
  const { told } = drawing;
  return (
    <p className="draw-told" aria-live="polite">
      {told === null ? "" : t("zones.draw.taken", { count: told.added })}
      {told !== null && told.left > 0 ? ` ${t("zones.draw.noRoom", { count: told.left, max: villagesMax })}` : ""}
    </p>
  );
}

/** The same as the map in words: areas to open, and the villages of the open town to choose. */
function AreaList(props: {
  readonly areas: readonly AreaRow[];
  readonly kind: "counties" | "towns" | "villages";
  readonly cases: ReadonlyMap<string, number>;
  readonly choice: Choice;
  readonly onOpen: (code: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { areas, kind, cases, choice, onOpen } = props;
  const label = (area: AreaRow): string => {
    const count = cases.get(area.code);
    return count ? t("zones.draw.withCases", { name: areaLabel(area), count: numberText(count) }) : areaLabel(area);
  };
  if (areas.length === 0) return null;
  return (
    <div role="group" aria-label={t(`zones.draw.list.${kind}`)}>
      <div className="draw-list-head">
        <strong>{t(`zones.draw.list.${kind}`)}</strong>
        {kind === "villages" ? (
          <Button size="small" onClick={() => choice.add(areas)}>
            {t("zones.draw.all")}
          </Button>
        ) : null}
      </div>
      <div className={kind === "villages" ? "draw-list" : "draw-areas"}>
        {areas.map((area) =>
          kind === "villages" ? (
            <label key={area.code} className={cases.has(area.code) ? "check draw-has-cases" : "check"}>
              <input type="checkbox" checked={choice.chosen.has(area.code)} onChange={() => choice.toggle(area)} />
              {label(area)}
            </label>
          ) : (
            <Button key={area.code} size="small" onClick={() => onOpen(area.code)}>
              {label(area)}
            </Button>
          ),
        )}
      </div>
    </div>
  );
}
