import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ConfigProvider } from "antd";
import { StrictMode, useEffect, useMemo, useRef, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { Problem } from "./api.ts";
import { kitLocale } from "./i18n.ts";
import { useStillness, useTheme } from "./preferences.ts";
import { makeRouter } from "./router.tsx";
import { themeConfig } from "./theme.ts";
import "./styles.css";
import "./styles/shell.css";

const retriesMax = 2;

/** A refusal is an answer; only silence and faults of the server are worth asking again. */
function worthRetry(failures: number, error: unknown): boolean {
  const refused = error instanceof Problem && error.status < 500;
  return !refused && failures < retriesMax;
}

const client = new QueryClient({
  defaultOptions: { queries: { retry: worthRetry, staleTime: 5_000, refetchOnWindowFocus: false } },
  queryCache: new QueryCache({
    // A session that ended while the page was open leads to the log-in and back to the same page.
    onError: (error, query) => {
      const loggedOut = error instanceof Problem && error.status === 401;
      if (loggedOut && query.queryKey[0] !== "session") {
        const from = encodeURIComponent(window.location.pathname + window.location.search);
        window.location.assign(`/login?from=${from}`);
      }
    },
  }),
});
const router = makeRouter(client);

function Root(): ReactNode {
  const { i18n } = useTranslation();
  // Names that the server chose by language are asked for again when the language changes.
  const spoken = useRef(i18n.language);
  useEffect(() => {
    if (spoken.current === i18n.language) return;
    spoken.current = i18n.language;
    void client.invalidateQueries();
  }, [i18n.language]);
  const name = useTheme();
  const still = useStillness();
  const theme = useMemo(() => themeConfig(name, still), [name, still]);
  const kit = kitLocale();
  return (
    <ConfigProvider {...(kit ? { locale: kit } : {})} theme={theme} button={{ autoInsertSpace: false }}>
      <RouterProvider router={router} />
    </ConfigProvider>
  );
}

// After an upgrade the old page asks for parts that are gone; the new page has its own.
window.addEventListener("vite:preloadError", () => window.location.reload());

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  );
}
