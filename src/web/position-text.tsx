import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const decimals = 5;

/** A position as a list shows it; without one it says that only the area is known. */
export function PositionText(props: {
  readonly of: { readonly lat: number | null; readonly lon: number | null };
}): ReactNode {
  const { t } = useTranslation();
  const { lat, lon } = props.of;
  if (lat === null || lon === null) return <span className="muted">{t("common.noPosition")}</span>;
  return (
    <>
      {lat.toFixed(decimals)}, {lon.toFixed(decimals)}
    </>
  );
}
