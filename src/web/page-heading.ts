import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useOutbreak } from "./board.ts";

/** A page that has no heading by then has failed, and says so itself. */
const headingMsMax = 5_000;

/**
 * Names the tab by the page's heading and the outbreak, and after a step to another page moves the focus to the
 * heading, so that a screen reader says where one has come.
 */
export function usePageHeading(): void {
  const { t, i18n } = useTranslation();
  const outbreak = useOutbreak();
  // The address changes before the page does: until then the heading is still the last page's.
  const path = useRouterState({ select: (state) => (state.resolvedLocation ?? state.location).pathname });
  const from = useRef(path);
  const name = outbreak && (i18n.language === "en" ? outbreak.nameEn : outbreak.name);
  const brand = t("shell.brand");
  useEffect(() => {
    const page = document.getElementById("page");
    if (!page) return undefined;
    let toFocus = from.current !== path;
    from.current = path;
    const look = (): void => {
      const heading = page.querySelector<HTMLElement>("h1, h2");
      const text = heading?.textContent.replace(/\s+/g, " ").trim() ?? "";
      document.title = [text, name, brand].filter(Boolean).join(" · ");
      if (!heading || !toFocus) return;
      toFocus = false;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    look();
    const watch = new MutationObserver(look);
    watch.observe(page, { childList: true, subtree: true });
    const end = window.setTimeout(() => watch.disconnect(), headingMsMax);
    return () => {
      watch.disconnect();
      window.clearTimeout(end);
    };
  }, [path, name, brand]);
}
