import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { areaLabel, AreaName, childrenQuery } from "./area-names.tsx";

/** The lengths of area codes from the county down; each code begins with its parent's. */
const levels = [
  { length: 6, parent: 4 },
  { length: 9, parent: 6 },
  { length: 12, parent: 9 },
] as const;

/**
 * Where an area lies, from its county down: one query a parent names all its children, so a page of
 * fifty villages asks once a town and never again.
 */
export function AreaPath(props: { readonly code: string | null | undefined }): ReactNode {
  const code = props.code ?? "";
  const steps = levels.filter((level) => level.length <= code.length);
  const found = useQueries({ queries: steps.map((step) => childrenQuery(code.slice(0, step.parent))) });
  if (code === "") return <>–</>;
  if (steps.length === 0) return <AreaName code={code} />;
  const names = steps.map((step, index) => {
    const own = code.slice(0, step.length);
    const area = found[index]?.data?.items.find((item) => item.code === own);
    return area ? areaLabel(area) : null;
  });
  const known = names.filter((name) => name !== null);
  return <>{known.length > 0 ? known.join(" ") : code}</>;
}
