import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { ZoneLevel } from "#domain/outbreaks";
import type { ZoneEffect } from "#domain/zones";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { refreshLists } from "#web/refresh";
import { useSession } from "#web/session";
import type { AreaRow } from "#webx/area-names";
import { AreaPath } from "#webx/area-path";
import { Choice } from "#webx/choice";
import { Panel, ProblemNotice } from "#webx/parts";
import { say } from "#webx/say";
import { Effect } from "./effect.tsx";

const levels = ["high", "medium"] as const;

/** The choice, its effect, and the decision. */
export function Decide(props: {
  readonly chosen: ReadonlyMap<string, AreaRow>;
  readonly onDrop: (codes: readonly string[]) => void;
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
            <Button size="small" type="text" onClick={() => onDrop([village.code])}>
              {t("form.takeAway")}
            </Button>
          </li>
        ))}
      </ul>
      {chosen.size > 1 ? (
        <div className="page-actions">
          <Button size="small" onClick={onDone}>
            {t("zones.draw.clear")}
          </Button>
        </div>
      ) : null}
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
        {ready ? null : <span className="muted">{t("zones.draw.notReady")}</span>}
      </div>
      {preview.error ? <ProblemNotice error={preview.error} /> : null}
      {drawing.error ? <ProblemNotice error={drawing.error} /> : null}
      {current ? (
        <>
          <Effect effect={current} level={level} onDrop={onDrop} />
          <Publish effect={current} mayDecide={mayDecide} busy={drawing.isPending} onDraw={drawing.mutate} />
        </>
      ) : null}
    </Panel>
  );
}

/** The decision itself; not while the choice holds villages that have a zone. */
function Publish(props: {
  readonly effect: ZoneEffect;
  readonly mayDecide: boolean;
  readonly busy: boolean;
  readonly onDraw: (publish: boolean) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { effect, mayDecide, busy, onDraw } = props;
  const blocked = effect.zones.length === 0 || effect.overlaps.some(({ unit }) => unit === "village");
  return (
    <div className="page-actions">
      <Button disabled={blocked} loading={busy} onClick={() => onDraw(false)}>
        {t("zones.draw.propose")}
      </Button>
      {mayDecide ? (
        <Button type="primary" danger disabled={blocked} loading={busy} onClick={() => onDraw(true)}>
          {t("zones.draw.publish")}
        </Button>
      ) : null}
    </div>
  );
}
