import type { Locale } from "antd/es/locale";
import i18next, { type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { initialLanguage, keepLanguage, type Language } from "./preferences.ts";

/** A language's words and the kit's own, fetched as one file when the language is spoken. */
async function wordsOf(language: Language): Promise<{ readonly kit: Locale; readonly texts: Record<string, unknown> }> {
  const { files, kit } = await (language === "en" ? import("./words-en.ts") : import("./words-zh.ts"));
  const texts: Record<string, unknown> = {};
  // Every file of locales/<language>/ is one top-level key, named like the file.
  for (const [path, words] of Object.entries(files)) texts[path.split("/").at(-1)?.replace(".json", "") ?? ""] = words;
  return { kit, texts };
}

const language = initialLanguage();
keepLanguage(language);

const spoken = await wordsOf(language);
/** The kit's words by language, as far as they were fetched. */
const kits: Partial<Record<Language, Locale>> = { [language]: spoken.kit };

await i18next.use(initReactI18next).init({
  lng: language,
  // A test holds the languages to the same keys, so none has to stand in for another.
  fallbackLng: false,
  interpolation: { escapeValue: false },
  // A value may hold a colon (08:30), and there is only one namespace.
  nsSeparator: false,
  resources: { [language]: { translation: spoken.texts } },
});

/** The language the page speaks now. */
export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh-CN";
}

/** The kit's own words in the language that the page speaks. */
export function kitLocale(): Locale | undefined {
  return kits[currentLanguage()];
}

/** Changes the language of the page without a reload. */
export async function changeLanguage(next: Language): Promise<void> {
  if (!kits[next]) {
    const { kit, texts } = await wordsOf(next);
    kits[next] = kit;
    i18next.addResourceBundle(next, "translation", texts);
  }
  keepLanguage(next);
  await i18next.changeLanguage(next);
}

/** The word for one value of a list of values; the value itself when nobody has named it yet. */
export function wordFor(t: TFunction, group: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  return t(`${group}.${value}`, { defaultValue: value });
}
