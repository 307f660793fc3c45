import i18next, { type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { initialLanguage, keepLanguage, type Language } from "./preferences.ts";

/** Every file of locales/<language>/ is one top-level key, named like the file. */
const files = import.meta.glob<Record<string, unknown>>("../../locales/*/*.json", {
  eager: true,
  import: "default",
});

function resourcesOf(language: Language): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [path, texts] of Object.entries(files)) {
    const [folder, file] = path.split("/").slice(-2);
    if (folder === language && file) found[file.replace(".json", "")] = texts;
  }
  return found;
}

const language = initialLanguage();
keepLanguage(language);

await i18next.use(initReactI18next).init({
  lng: language,
  fallbackLng: "zh-CN",
  interpolation: { escapeValue: false },
  // A value may hold a colon (08:30), and there is only one namespace.
  nsSeparator: false,
  resources: {
    "zh-CN": { translation: resourcesOf("zh-CN") },
    en: { translation: resourcesOf("en") },
  },
});

/** The language the page speaks now. */
export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh-CN";
}

/** Changes the language of the page without a reload. */
export async function changeLanguage(next: Language): Promise<void> {
  keepLanguage(next);
  await i18next.changeLanguage(next);
}

/** The word for one value of a list of values; the value itself when nobody has named it yet. */
export function wordFor(t: TFunction, group: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  return t(`${group}.${value}`, { defaultValue: value });
}
