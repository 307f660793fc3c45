import { Button, InputNumber, Select } from "antd";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "#domain/cases";
import { radiusMetres, villagesIn, type Shape } from "#domain/zones";
import { areaLabel, type AreaRow } from "#webx/area-names";
import type { Drawing } from "./draw-tools.tsx";

/** A circle of so many metres round a case's home; what is known of a home is its village. */
export default function CircleTool(props: {
  readonly drawing: Drawing;
  readonly cases: readonly CaseRow[];
  readonly villages: readonly AreaRow[];
}): ReactNode {
  const { t } = useTranslation();
  const { drawing, cases, villages } = props;
  const { setCircle } = drawing;
  const [caseId, setCaseId] = useState<string>();
  const [metres, setMetres] = useState<number>(radiusMetres.usual);
  const byCode = useMemo(() => new Map(villages.map((village) => [village.code, village])), [villages]);
  const options = cases.map(({ id, number, areaCode, areaName }) => {
    const village = byCode.get(areaCode);
    const home = village ? areaLabel(village) : (areaName ?? areaCode);
    return { value: id, label: `${number ?? t("zones.draw.preliminary")} · ${home}` };
  });
  const home = byCode.get(cases.find(({ id }) => id === caseId)?.areaCode ?? "");
  const { lat, lon } = home ?? {};
  const circle = useMemo(
    (): Shape | null => (lat == null || lon == null ? null : { kind: "circle", centre: { lat, lon }, metres }),
    [lat, lon, metres],
  );
  useEffect(() => setCircle(circle), [circle, setCircle]);
  const inside = circle === null ? 0 : villagesIn(circle, villages).length;
  return (
    <div className="draw-circle">
      <label>
        <span>{t("zones.draw.around")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={caseId ?? null}
          options={options}
          placeholder={t("zones.draw.aroundWhich")}
          notFoundContent={t("zones.draw.noCases")}
          onChange={(id: string) => setCaseId(id)}
          aria-label={t("zones.draw.around")}
        />
      </label>
      <label>
        <span>{t("zones.draw.radius")}</span>
        <InputNumber
          min={radiusMetres.min}
          max={radiusMetres.max}
          step={100}
          precision={0}
          value={metres}
          onChange={(value) => setMetres(value ?? radiusMetres.usual)}
        />
      </label>
      <Button
        size="small"
        type="primary"
        disabled={circle === null || inside === 0}
        onClick={() => circle && drawing.take(circle)}
      >
        {t("zones.draw.takeCircle", { count: inside })}
      </Button>
      {caseId !== undefined && circle === null ? <p className="muted">{t("zones.draw.noHome")}</p> : null}
    </div>
  );
}
