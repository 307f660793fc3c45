import { useSyncExternalStore } from "react";
import type { Choice } from "./palette-choices.ts";

export type Language = "zh-CN" | "en";
export type ThemeName = "light" | "dark";

const languageKey = "wuyang.language";
const themeKey = "wuyang.theme";
const mapLayersKey = "wuyang.mapLayers";
const recentKey = "wuyang.recent";
const recentMax = 6;

/** Private windows may refuse storage; a preference is then kept for the page only. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}

/** The language chosen before, else Chinese. */
export function initialLanguage(): Language {
  return stored(languageKey) === "en" ? "en" : "zh-CN";
}

/** Keeps the chosen language for the next visit and tells the browser (screen readers, hyphenation). */
export function keepLanguage(language: Language): void {
  store(languageKey, language);
  document.documentElement.lang = language;
}

function initialTheme(): ThemeName {
  const chosen = stored(themeKey);
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

let theme: ThemeName = initialTheme();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Sets light or dark for the whole page. */
export function setTheme(next: ThemeName): void {
  theme = next;
  store(themeKey, next);
  document.documentElement.dataset["theme"] = next;
  for (const listener of listeners) listener();
}

/** Shows light or dark without making it the viewer's choice: a wall is dark whoever stands before it. */
export function lendTheme(lent: ThemeName): () => void {
  const own = theme;
  const show = (next: ThemeName): void => {
    theme = next;
    document.documentElement.dataset["theme"] = next;
    for (const listener of listeners) listener();
  };
  show(lent);
  return () => show(own);
}

const paper = matchMedia("print");
paper.addEventListener("change", () => {
  for (const listener of listeners) listener();
});

/** The current theme, on paper always light; the component renders again when it changes. */
export function useTheme(): ThemeName {
  return useSyncExternalStore(subscribe, () => (paper.matches ? "light" : theme));
}

document.documentElement.dataset["theme"] = theme;

/** What the search opened last on this device; anything unreadable is forgotten. */
export function recentChoices(): readonly Choice[] {
  try {
    const found: unknown = JSON.parse(stored(recentKey) ?? "[]");
    return Array.isArray(found) ? (found as Choice[]).slice(0, recentMax) : [];
  } catch {
    return [];
  }
}

/** Keeps what the search opened, the latest first. */
export function storeRecent(choices: readonly Choice[]): void {
  store(recentKey, JSON.stringify(choices.slice(0, recentMax)));
}

/** The map's layers chosen on this device; null before any choice. */
export function mapLayersKept(): readonly string[] | null {
  return stored(mapLayersKey)?.split(" ") ?? null;
}

/** Keeps which layers the map shows. */
export function keepMapLayers(layers: readonly string[]): void {
  store(mapLayersKey, layers.join(" "));
}

/** Forgets what belongs to the person who leaves; language and theme stay with the device. */
export function forgetPerson(): void {
  store(recentKey, "[]");
}

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

function onStillness(listener: () => void): () => void {
  stillness.addEventListener("change", listener);
  return () => stillness.removeEventListener("change", listener);
}

/** Has this person asked their system for less movement? */
export function useStillness(): boolean {
  return useSyncExternalStore(onStillness, () => stillness.matches);
}
