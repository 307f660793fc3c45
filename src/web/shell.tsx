import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OutbreakContext, useOutbreakWatch } from "./board.ts";
import { everyWord } from "./i18n.ts";
import { useLiveStream } from "./live.ts";
import { Places } from "./nav.tsx";
import { usePageHeading } from "./page-heading.ts";
import { usePrefetch } from "./prefetch.ts";
import { Sayings } from "./say.tsx";
import { DrillBanner, PrintHead, TopBar } from "./topbar.tsx";

// What opens over the page says more than the page's own words.
const Palette = lazy(async () => {
  await everyWord();
  return { default: (await import("./palette.tsx")).Palette };
});
const KeyHelp = lazy(async () => {
  await everyWord();
  return { default: (await import("./key-help.tsx")).KeyHelp };
});
const PasswordDialog = lazy(async () => {
  await everyWord();
  return { default: (await import("./password.tsx")).PasswordDialog };
});
const OwnTokens = lazy(async () => {
  await everyWord();
  return { default: (await import("./own-tokens.tsx")).OwnTokens };
});

type Layer = "search" | "help" | "password" | "tokens" | null;

/** Is somebody writing, so that a letter is a letter? */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Opens the search by Ctrl or Cmd with K, and the help by a question mark. */
function useKeys(open: (layer: Layer) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("search");
      } else if (event.key === "?" && !isWriting(event.target)) open("help");
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
}

/** Everything behind the log-in, with the outbreak that is running. */
export function Shell(): ReactNode {
  const outbreak = useOutbreakWatch();
  return (
    <OutbreakContext value={outbreak}>
      <Frame />
    </OutbreakContext>
  );
}

/** The frame of every page: drill banner, outbreak clock, places, the page itself. */
function Frame(): ReactNode {
  const { t } = useTranslation();
  const [layer, setLayer] = useState<Layer>(null);
  const [unfolded, setUnfolded] = useState(false);
  useLiveStream();
  usePrefetch();
  usePageHeading();
  useKeys(setLayer);
  const close = (): void => setLayer(null);
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t("common.skip")}
      </a>
      <DrillBanner />
      <TopBar
        unfolded={unfolded}
        onUnfold={() => setUnfolded(!unfolded)}
        onSearch={() => setLayer("search")}
        onHelp={() => setLayer("help")}
        onPassword={() => setLayer("password")}
        onTokens={() => setLayer("tokens")}
      />
      <Places unfolded={unfolded} onGo={() => setUnfolded(false)} />
      <PrintHead />
      <main id="page" tabIndex={-1}>
        <Outlet />
      </main>
      <Sayings />
      <Suspense fallback={null}>
        {layer === "search" ? <Palette onClose={close} /> : null}
        {layer === "help" ? <KeyHelp onClose={close} /> : null}
        {layer === "password" ? <PasswordDialog onClose={close} /> : null}
        {layer === "tokens" ? <OwnTokens onClose={close} /> : null}
      </Suspense>
    </div>
  );
}
