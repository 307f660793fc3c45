import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { ZoneLevel } from "#domain/outbreaks";
import { villagesMax, type ZoneEffect } from "#domain/zones";
import { newKey, post } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { refreshLists } from "#web/refresh";
import { useSession } from "#web/session";
import { useUnsavedGuard } from "#web/unsaved";
import { numberText } from "#web/time";
import { AreaFilter, areaLabel, childrenQuery } from "#webx/area-filter";
import type { AreaRow } from "#webx/area-names";
import { AreaPath } from "#webx/area-path";
import { Nothing, Panel, ProblemNotice, Waiting } from "#webx/parts";
import { VillageMap } from "./village-map.tsx";
import { say } from "#webx/say";
import { Choice } from "#webx/choice";

const townChars = 9;
const levels = ["high", "medium"] as const;

/** Draws zones: choose villages on the map or in the list, see who is inside and what it makes, then decide. */
export function DrawPage(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const [town, setTown] = useState("");
  const [chosen, setChosen] = useState<ReadonlyMap<string, AreaRow>>(new Map());
  const found = useQuery({ ...childrenQuery(town), enabled: town.length === townChars });
  useUnsavedGuard(chosen.size > 0);
  const villages = useMemo(() => found.data?.items ?? [], [found.data]);
  const toggle = useCallback(
    (codes: readonly string[], on?: boolean) =>
      setChosen((before) => {
        const next = new Map(before);
        for (const code of codes) {
          const row = villages.find((village) => village.code === code);
          if (on ?? !next.has(code)) {
            if (row && next.size < villagesMax) next.set(code, row);
          } else next.delete(code);
        }
        return next;
      }),
    [villages],
  );
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
        <Panel title={t("zones.draw.villages")}>
          <AreaFilter
            label={t("zones.draw.town")}
            value={town}
            cityCode={outbreak?.areaCode ?? ""}
            onChange={(code) => setTown(code.slice(0, townChars))}
          />
          {town.length < townChars ? <Nothing text={t("zones.draw.chooseTown")} /> : null}
          {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
          {town.length === townChars && found.isPending ? <Waiting rows={6} /> : null}
          {villages.length > 0 ? (
            <>
              <VillageMap villages={villages} chosen={chosen} onToggle={toggle} />
              <div className="draw-list" role="group" aria-label={t("zones.draw.villages")}>
                {villages.map((village) => (
                  <label key={village.code} className="check">
                    <input
                      type="checkbox"
                      checked={chosen.has(village.code)}
                      onChange={({ target }) => toggle([village.code], target.checked)}
                    />
                    {areaLabel(village)}
                  </label>
                ))}
              </div>
            </>
          ) : null}
        </Panel>
        <Decide chosen={chosen} onDrop={(code) => toggle([code], false)} onDone={() => setChosen(new Map())} />
      </div>
    </div>
  );
}

/** The choice, its effect, and the decision. */
function Decide(props: {
  readonly chosen: ReadonlyMap<string, AreaRow>;
  readonly onDrop: (code: string) => void;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const client = useQueryClient();
  const mayDecide = useSession()?.permissions.includes("zones.zone.decide") === true;
  const [level, setLevel] = useState<ZoneLevel>("high");
  const [reason, setReason] = useState("");
  const { chosen, onDrop, onDone } = props;
  const body = (publish: boolean) => ({
    villages: [...chosen.keys()].toSorted(),
    level,
    reason: reason.trim(),
    publish,
  });
  const preview = useMutation({
    mutationFn: (wish: object) => post<ZoneEffect>("/api/v1/zones/villages/preview", wish),
  });
  const drawing = useMutation({
    mutationFn: (publish: boolean) => post<ZoneEffect>("/api/v1/zones/villages", body(publish), { key: newKey() }),
    onSuccess: async (effect) => {
      say(t("zones.draw.done", { count: effect.zones.length }));
      // The choice is spent: nothing of it must hold up the way to the list.
      flushSync(onDone);
      await refreshLists(client);
      await go({ to: "/zones" });
    },
  });
  const ready = chosen.size > 0 && reason.trim() !== "";
  const wish = body(mayDecide);
  // A preview of another choice says nothing about this one.
  const current = JSON.stringify(preview.variables) === JSON.stringify(wish) ? preview.data : undefined;
  return (
    <Panel title={t("zones.draw.chosen", { count: chosen.size })}>
      {chosen.size === 0 ? <p className="muted">{t("zones.draw.none")}</p> : null}
      <ul className="draw-chosen">
        {[...chosen.values()].map((village) => (
          <li key={village.code}>
            <AreaPath code={village.code} />
            <Button size="small" type="text" onClick={() => onDrop(village.code)}>
              {t("form.takeAway")}
            </Button>
          </li>
        ))}
      </ul>
      <label className="draw-field">
        <span>{t("zones.level")}</span>
        <Choice<ZoneLevel>
          label={t("zones.level")}
          value={level}
          options={levels.map((value) => ({ value, label: wordFor(t, "enums.risk", value) }))}
          onChange={(next) => (next ? setLevel(next) : undefined)}
        />
      </label>
      <label className="draw-field">
        <span>{t("field.reason")}</span>
        <textarea
          className="plain-input"
          value={reason}
          maxLength={1_000}
          rows={3}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="page-actions">
        <Button disabled={!ready} loading={preview.isPending} onClick={() => preview.mutate(wish)}>
          {t("zones.draw.preview")}
        </Button>
      </div>
      {preview.error ? <ProblemNotice error={preview.error} /> : null}
      {drawing.error ? <ProblemNotice error={drawing.error} /> : null}
      {current ? (
        <>
          <Effect effect={current} />
          <div className="page-actions">
            <Button disabled={!ready} loading={drawing.isPending} onClick={() => drawing.mutate(false)}>
              {t("zones.draw.propose")}
            </Button>
            {mayDecide ? (
              <Button
                type="primary"
                danger
                disabled={!ready}
                loading={drawing.isPending}
                onClick={() => drawing.mutate(true)}
              >
                {t("zones.draw.publish")}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </Panel>
  );
}

function Effect({ effect }: { readonly effect: ZoneEffect }): ReactNode {
  const { t } = useTranslation();
  const { inside, tasks } = effect;
  return (
    <div aria-live="polite">
      <h3>{t("zones.draw.inside")}</h3>
      <dl className="figure-strip">
        {(["people", "households", "elderly", "cases"] as const).map((name) => (
          <div key={name}>
            <dt>{t(`zones.draw.count.${name}`)}</dt>
            <dd>{numberText(inside[name])}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("zones.draw.tasks")}</h3>
      {tasks.length === 0 ? <p className="muted">{t("zones.draw.noTasks")}</p> : null}
      <ul>
        {tasks.map((row) => (
          <li key={`${row.kind} ${row.team}`}>
            {wordFor(t, "task.kind", row.kind)} · {wordFor(t, "enums.team", row.team)} × {numberText(row.count)}
          </li>
        ))}
      </ul>
    </div>
  );
}
