import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { get, withQuery, type Page } from "./api.ts";
import { currentLanguage } from "./i18n.ts";

export interface AreaRow {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | null;
  readonly level: string;
  readonly lat?: number | null;
  readonly lon?: number | null;
  readonly population?: number | null;
}

const childrenMax = 200;

/** An area's name in the page's language; most villages have only a Chinese one. */
export function areaLabel(
  area: { readonly name: string; readonly nameEn?: string | null },
  language: string = currentLanguage(),
): string {
  return language === "en" && area.nameEn ? area.nameEn : area.name;
}

/** The areas one level below; codes grow from city (4) to county (6), town (9) and village (12). */
export function childrenQuery(parent: string): {
  queryKey: readonly unknown[];
  queryFn: () => Promise<Page<AreaRow>>;
  staleTime: number;
} {
  return {
    queryKey: ["areas", parent],
    queryFn: () => get<Page<AreaRow>>(withQuery("/api/v1/areas", { parent, limit: childrenMax })),
    staleTime: Infinity,
  };
}

/** The name of one area, from the server when the list has not been opened. */
export function AreaName(props: { readonly code: string; readonly fallback?: string }): ReactNode {
  const found = useQuery({
    queryKey: ["area", props.code],
    queryFn: () => get<AreaRow>(`/api/v1/areas/${encodeURIComponent(props.code)}`),
    enabled: props.code !== "",
    staleTime: Infinity,
    retry: false,
  });
  return <>{found.data ? areaLabel(found.data) : (props.fallback ?? props.code)}</>;
}
