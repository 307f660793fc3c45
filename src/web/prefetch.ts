import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { everyWord } from "./i18n.ts";

/** After the first page stands, this long goes by before anything else is fetched. */
const quietMs = 3_000;

/** What the lists and the forms behind their buttons are drawn with. */
const kit = [() => import("./list.tsx"), () => import("./operation-dialog.tsx")] as const;

/** A connection that asks to be spared; only some browsers say. */
function isSparing(): boolean {
  const connection: { readonly saveData?: boolean } | undefined = Reflect.get(navigator, "connection");
  return connection?.saveData === true;
}

/** Safari has no idle callback; a moment later is idle enough there. */
function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) window.requestIdleCallback(work);
  else setTimeout(work, 1);
}

/**
 * Fetches what every list and form needs once the first page has its data and the browser is idle, so that the first
 * opens as quickly as the second. Nothing is fetched where the connection asks to be spared.
 */
export function usePrefetch(): void {
  const client = useQueryClient();
  useEffect(() => {
    if (isSparing()) return undefined;
    let timer = 0;
    const wait = (): void => {
      timer = window.setTimeout(() => {
        if (client.isFetching() > 0) wait();
        else whenIdle(() => void Promise.all([everyWord(), ...kit.map((part) => part())]).catch(() => undefined));
      }, quietMs);
    };
    wait();
    return () => window.clearTimeout(timer);
  }, [client]);
}
