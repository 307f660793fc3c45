import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask } from "./ask.ts";

/** While `dirty`, leaving the page asks first: in the app by a plain dialog, out of it by the browser's own question. */
export function useUnsavedGuard(dirty: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    disabled: !dirty,
    enableBeforeUnload: dirty,
    // Filters of the same page lose nothing.
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname &&
      !(await ask({
        title: t("shell.unsaved.title"),
        go: t("shell.unsaved.leave"),
        stay: t("shell.unsaved.stay"),
        main: "stay",
      })),
  });
}
