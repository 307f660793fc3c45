import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { InsideAnswer, InsideKind } from "#domain/command";
import type { ZoneLevel } from "#domain/outbreaks";
import type { ZoneEffect, ZoneOverlap } from "#domain/zones";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-names";
import { ProblemNotice, RiskMark, StateWord, Waiting } from "#webx/parts";

/** What drawing would do: the zones it meets, who and what is inside, and the tasks it makes. */
export function Effect(props: {
  readonly effect: ZoneEffect;
  readonly level: ZoneLevel;
  readonly onDrop: (codes: readonly string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { inside, tasks, zones, overlaps } = props.effect;
  return (
    <div className="draw-effect" aria-live="polite">
      {overlaps.length > 0 ? <Overlaps overlaps={overlaps} level={props.level} onDrop={props.onDrop} /> : null}
      <h3>{t("zones.draw.inside", { count: zones.length })}</h3>
      <dl className="figure-strip">
        {(["people", "households", "elderly", "cases"] as const).map((name) => (
          <div key={name}>
            <dt>{t(`zones.draw.count.${name}`)}</dt>
            <dd>{numberText(inside[name])}</dd>
          </div>
        ))}
      </dl>
      {zones.length > 0 ? <Places villages={zones.map(({ unitCode }) => unitCode)} /> : null}
      <h3>{t("zones.draw.tasks")}</h3>
      {tasks.length === 0 ? <p className="muted">{t("zones.draw.noTasks")}</p> : null}
      <ul className="draw-lines">
        {tasks.map((row) => (
          <li key={`${row.kind} ${row.team}`}>
            {wordFor(t, "task.kind", row.kind)} · {wordFor(t, "enums.team", row.team)} × {numberText(row.count)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Zones that are there already, named, and what each means: a village has one level at a time. */
function Overlaps(props: {
  readonly overlaps: readonly ZoneOverlap[];
  readonly level: ZoneLevel;
  readonly onDrop: (codes: readonly string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { overlaps, level, onDrop } = props;
  const drawn = overlaps.filter(({ unit }) => unit === "village").map(({ unitCode }) => unitCode);
  return (
    <section className="draw-overlaps">
      <h3>{t("zones.draw.overlaps", { count: overlaps.length })}</h3>
      <ul className="draw-lines">
        {overlaps.map((zone) => (
          <li key={zone.id}>
            <Link to="/zones/$id" params={{ id: zone.id }}>
              {areaLabel(zone)}
            </Link>{" "}
            <RiskMark level={zone.level} /> <StateWord group="enums.zoneState" value={zone.state} />
            <p>{t(`zones.draw.meaning.${zone.meaning}`, { level: wordFor(t, "enums.risk", level) })}</p>
          </li>
        ))}
      </ul>
      {drawn.length > 0 ? (
        <Button size="small" onClick={() => onDrop(drawn)}>
          {t("zones.draw.dropOverlaps", { count: drawn.length })}
        </Button>
      ) : null}
    </section>
  );
}

/** The list in which places of a kind stand. */
const lists: Readonly<Record<InsideKind, { readonly to: string; readonly tab?: string }>> = {
  quarantine: { to: "/sites" },
  hospital: { to: "/sites" },
  care: { to: "/sentinel", tab: "units" },
  sampling: { to: "/tubes", tab: "sites" },
  laboratory: { to: "/tubes", tab: "labs" },
  checkpoint: { to: "/inbound", tab: "checkpoints" },
  post: { to: "/inbound", tab: "posts" },
};

/** What stands in the villages: where people stay and are treated, where samples are taken and roads are watched. */
function Places({ villages }: { readonly villages: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  const may = useSession()?.permissions.includes("command.board.read") === true;
  const url = withQuery("/api/v1/board/inside", { villages: villages.join(",") });
  const found = useQuery({ queryKey: ["inside", url], queryFn: () => get<InsideAnswer>(url), enabled: may });
  if (!may) return null;
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={3} />;
  const { groups, venues } = found.data;
  return (
    <>
      <h3>{t("zones.draw.places")}</h3>
      <ul className="draw-lines">
        {groups.map((group) => (
          <PlaceLine key={group.kind} group={group} />
        ))}
        <li>
          <b>{t("zones.draw.placeKind.venue")}</b>{" "}
          {venues.length === 0
            ? t("zones.draw.noneInside")
            : venues
                .map(({ kind, count }) => `${wordFor(t, "venues.values.kind", kind)} ${numberText(count)}`)
                .join(" · ")}
        </li>
      </ul>
    </>
  );
}

function PlaceLine({ group }: { readonly group: InsideAnswer["groups"][number] }): ReactNode {
  const { t } = useTranslation();
  const { kind, count, items, unknown } = group;
  const list = lists[kind];
  return (
    <li>
      <b>{t(`zones.draw.placeKind.${kind}`)}</b> {count === 0 ? t("zones.draw.noneInside") : null}
      {items.map((place, index) => (
        <span key={place.id}>
          {index > 0 ? " · " : ""}
          {kind === "quarantine" || kind === "hospital" ? (
            <Link to="/sites/$id" params={{ id: place.id }}>
              {areaLabel(place)}
            </Link>
          ) : (
            <Link
              to={list.to}
              search={{ areaCode: place.areaCode, ...(list.tab === undefined ? {} : { tab: list.tab }) }}
            >
              {areaLabel(place)}
            </Link>
          )}
          {place.byPoint ? <span className="muted"> {t("zones.draw.byPoint")}</span> : null}
        </span>
      ))}
      {count > items.length ? ` ${t("zones.draw.more", { count: count - items.length })}` : ""}
      {unknown > 0 ? <span className="muted"> {t("zones.draw.unknownPlaces", { count: unknown })}</span> : null}
    </li>
  );
}
