import type { Locale } from "antd/es/locale";
import i18next, { type FormatterModule, type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { initialLanguage, keepLanguage, type Language } from "./preferences.ts";
import { numberText } from "./time.ts";

type Files = Readonly<Record<string, Record<string, unknown>>>;

/** Every file of locales/<language>/ is one top-level key, named like the file. */
function textsOf(files: Files): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([path, words]) => [path.split("/").at(-1)?.replace(".json", "") ?? "", words]),
  );
}

/** The kit's own words and those of the log-in, the frame and the board: all that the first page says. */
async function firstWords(language: Language): Promise<{ readonly kit: Locale; readonly texts: object }> {
  const { files, kit } = await (language === "en" ? import("./words-en.ts") : import("./words-zh.ts"));
  return { kit, texts: textsOf(files) };
}

const complete = new Set<Language>();

async function addRest(language: Language): Promise<void> {
  if (complete.has(language)) return;
  const { files } = await (language === "en" ? import("./words-en-rest.ts") : import("./words-zh-rest.ts"));
  i18next.addResourceBundle(language, "translation", textsOf(files));
  complete.add(language);
}

/** Every number of a sentence has its separators, whoever wrote the sentence. */
const separators: FormatterModule = {
  type: "formatter",
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown) => (typeof value === "number" ? numberText(value) : (value as string)),
};

const language = initialLanguage();
keepLanguage(language);

const spoken = await firstWords(language);
/** The kit's words by language, as far as they were fetched. */
const kits: Partial<Record<Language, Locale>> = { [language]: spoken.kit };

await i18next
  .use(initReactI18next)
  .use(separators)
  .init({
    lng: language,
    // A test holds the languages to the same keys, so none has to stand in for another.
    fallbackLng: false,
    interpolation: { escapeValue: false, alwaysFormat: true },
    // A value may hold a colon (08:30), and there is only one namespace.
    nsSeparator: false,
    resources: { [language]: { translation: spoken.texts } },
  });

let restWanted = false;

/** Fetches the words of all the other pages; whatever is drawn beside the first page waits for them. */
export async function everyWord(): Promise<void> {
  restWanted = true;
  await addRest(currentLanguage());
}

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
    const { kit, texts } = await firstWords(next);
    kits[next] = kit;
    i18next.addResourceBundle(next, "translation", texts);
  }
  if (restWanted) await addRest(next);
  keepLanguage(next);
  await i18next.changeLanguage(next);
}

/** The word for one value of a list of values; the value itself when nobody has named it yet. */
export function wordFor(t: TFunction, group: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  return t(`${group}.${value}`, { defaultValue: value });
}
