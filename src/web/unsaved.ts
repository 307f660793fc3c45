import { useBlocker } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { ask } from "./ask.ts";

function tabOf(search: unknown): unknown {
  return typeof search === "object" && search !== null ? Reflect.get(search, "tab") : undefined;
}

/** Whether what was typed into a form may be thrown away; asked once, and staying is the easy answer. */
export function discardAsked(t: TFunction): Promise<boolean> {
  return ask({ title: t("form.leave"), go: t("form.discard"), stay: t("form.stay"), main: "stay" });
}

/** While `dirty`, leaving the page asks first: in the app by a plain dialog, out of it by the browser's own question. */
export function useUnsavedGuard(dirty: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    disabled: !dirty,
    enableBeforeUnload: dirty,
    // Filters of the same part of a page lose nothing.
    shouldBlockFn: async ({ current, next }) =>
      (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)) &&
      !(await ask({
        title: t("shell.unsaved.title"),
        go: t("shell.unsaved.leave"),
        stay: t("shell.unsaved.stay"),
        main: "stay",
      })),
  });
}
