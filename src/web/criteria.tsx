import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { wordFor } from "./i18n.ts";
import { numberText } from "./time.ts";

export interface Criterion {
  readonly id: string;
  readonly met: boolean;
  readonly value?: string | number | null;
  readonly target?: string | number | null;
}

function shown(value: string | number | null | undefined): string {
  return typeof value === "string" ? value : numberText(value);
}

/** Conditions with what is and what must be; a met one has a tick, an unmet one a circle. */
export function Criteria(props: { readonly group: string; readonly items: readonly Criterion[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="criteria">
      {props.items.map((item) => (
        <li key={item.id} className={item.met ? "met" : "unmet"}>
          <span className="criterion-mark" role="img" aria-label={item.met ? t("common.met") : t("common.unmet")} />
          <span className="criterion-text">{wordFor(t, props.group, item.id)}</span>
          <span className="criterion-value">
            {shown(item.value)}
            {item.target === null || item.target === undefined ? null : (
              <span className="muted"> / {shown(item.target)}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
