import { useQueries, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "./api.ts";
import { areaLabel, AreaName, childrenQuery, type AreaRow } from "./area-names.tsx";

/** The lengths of area codes from the county down; each code begins with its parent's. */
const levels = [
  { length: 6, parent: 4 },
  { length: 9, parent: 6 },
  { length: 12, parent: 9 },
] as const;

/** For each level down to the area's own, the question that names it among its neighbours. */
const questionsOf = (code: string): ReturnType<typeof childrenQuery>[] =>
  levels.filter(({ length }) => length <= code.length).map(({ parent }) => childrenQuery(code.slice(0, parent)));

/**
 * Where an area lies, from its county down: one query a parent names all its children, so a page of
 * fifty villages asks once a town and never again.
 */
export function AreaPath(props: { readonly code: string | null | undefined }): ReactNode {
  const client = useQueryClient();
  const code = props.code ?? "";
  const questions = questionsOf(code);
  if (code === "") return <>–</>;
  if (questions.length === 0) return <AreaName code={code} />;
  // Names do not change while a page stands: those that are here already are read without watching for them.
  const here = questions.map(({ queryKey }) => client.getQueryData<Page<AreaRow>>(queryKey));
  return here.every((children) => children !== undefined) ? <>{pathText(code, here)}</> : <AskedPath code={code} />;
}

type Children = Page<AreaRow> | undefined;

/** An area whose names are still to be asked for. */
function AskedPath(props: { readonly code: string }): ReactNode {
  const { code } = props;
  const found = useQueries({ queries: questionsOf(code) }).map(({ data }) => data);
  return <>{pathText(code, found)}</>;
}

/** The names of the steps that are known; the code where none is. */
function pathText(code: string, children: readonly Children[]): string {
  const own = levels.map(({ length }, index) =>
    children[index]?.items.find((item) => item.code === code.slice(0, length)),
  );
  const known = own.flatMap((area) => (area ? [areaLabel(area)] : []));
  return known.length > 0 ? known.join(" ") : code;
}
