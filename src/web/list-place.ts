import { useRouterState } from "@tanstack/react-router";
import { use } from "react";
import { TabShown } from "./tab-shown.ts";

/**
 * Under which name a person's choices for a list are kept: the page without the record it is about, the part of the
 * page, and the list itself where a page has several.
 */
export function useListPlace(list?: string): { readonly page: string; readonly place: string } {
  const pattern = useRouterState({ select: ({ matches }) => String(matches.at(-1)?.fullPath ?? "/") });
  const tab = use(TabShown);
  const page = pattern.replaceAll("$", "");
  return { page, place: [page, tab?.key, list].filter((part) => part !== undefined).join("/") };
}
