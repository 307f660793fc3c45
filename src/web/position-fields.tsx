import { Button, Form } from "antd";
import { createContext, lazy, Suspense, useContext, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FormField } from "#kernel/form";
import type { FieldPath } from "#kernel/form-values";
import { Waiting } from "./parts.tsx";

/** Fetched when somebody wants to see it: a form must not wait for the map. */
const PositionMap = lazy(() => import("./position-map.tsx"));

export interface Position {
  readonly lat: number;
  readonly lon: number;
}

/** What a form lends the fields of a position. */
export const PositionForm = createContext<{
  /** The area in which the record lies, where the form does not ask for it. */
  readonly area: string;
  readonly onTouched: () => void;
}>({ area: "", onTouched: () => undefined });

/** Do the fields hold a latitude and a longitude, which together are one place on the map? */
export function holdPosition(fields: readonly FormField[]): boolean {
  const numbers = fields.filter(({ kind }) => kind === "number").map(({ name }) => name);
  return numbers.includes("lat") && numbers.includes("lon");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Latitude and longitude as two number fields, and the map beside them on which the same point is pressed. */
export function PositionFields(props: { readonly path: FieldPath; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const lent = useContext(PositionForm);
  const [open, setOpen] = useState(false);
  const path = [...props.path];
  const lat: unknown = Form.useWatch([...path, "lat"], form);
  const lon: unknown = Form.useWatch([...path, "lon"], form);
  const own = textOf(Form.useWatch([...path, "areaCode"], form));
  const whole = textOf(Form.useWatch("areaCode", form));
  const value = typeof lat === "number" && typeof lon === "number" ? { lat, lon } : null;
  const set = (next: Position | null): void => {
    form.setFields(
      (["lat", "lon"] as const).map((name) => ({
        name: [...path, name],
        value: next?.[name] ?? null,
        touched: true,
        errors: [],
      })),
    );
    lent.onTouched();
  };
  return (
    <fieldset className="form-group form-position">
      <legend>{t("form.position.title")}</legend>
      <div className="form-position-numbers">{props.children}</div>
      <div className="page-actions">
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t("form.position.close") : t("form.position.open")}
        </Button>
        {value === null ? null : (
          <Button size="small" onClick={() => set(null)}>
            {t("form.position.clear")}
          </Button>
        )}
      </div>
      {open ? (
        <Suspense fallback={<Waiting rows={5} />}>
          <PositionMap area={own || whole || lent.area} value={value} onPick={set} />
        </Suspense>
      ) : null}
    </fieldset>
  );
}
