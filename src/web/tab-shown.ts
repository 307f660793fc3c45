import { createContext } from "react";

/** The part of the page that is shown, for what stands in it; null on a page without parts. */
export const TabShown = createContext<{ readonly key: string; readonly isFirst: boolean } | null>(null);
