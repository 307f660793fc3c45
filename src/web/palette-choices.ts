import type { TFunction } from "i18next";
import type { Found } from "#domain/desk";
import { post } from "./api.ts";
import { wordFor } from "./i18n.ts";
import type { OperationRow } from "./operations.ts";
import { placesFor } from "./places.ts";
import { recentChoices, storeRecent } from "./preferences.ts";
import type { Session } from "./session.ts";

/** One thing the search can open; without a place it asks for a person. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly areaCode: string;
  readonly to: {
    readonly to: string;
    readonly params?: Record<string, string>;
    readonly search?: Record<string, string>;
  } | null;
}

/** Choices of one kind under their heading. */
export interface ChoiceGroup {
  readonly name: "recent" | "pages" | "records" | "person" | "operations";
  readonly choices: readonly Choice[];
}

const eachMax = 8;
/** Where the words of the kinds of task stand. */
const taskWords = "task.kind";
const taskKindsMax = 20;

/** Every choice in the order of the list. */
export function optionsIn(groups: readonly ChoiceGroup[]): readonly Choice[] {
  return groups.flatMap((group) => group.choices);
}

/** The kinds of task whose word holds the text: the server does not know the words. */
function taskKindsLike(t: TFunction, text: string): string[] {
  const words = t(taskWords, { returnObjects: true }) as Readonly<Record<string, string>>;
  const sought = text.toLowerCase();
  return Object.entries(words)
    .filter(([, word]) => word.toLowerCase().includes(sought))
    .map(([kind]) => kind)
    .slice(0, taskKindsMax);
}

/** What the server finds for a text; it travels in the body, since it may be the beginning of a person's number. */
export function foundQuery(t: TFunction, text: string, language: string) {
  const taskKind = text.length > 1 ? taskKindsLike(t, text) : [];
  return {
    queryKey: ["search", text, language],
    queryFn: () => post<{ readonly items: readonly Found[] }>("/api/v1/desk/search", { q: text, taskKind }),
  };
}

/** Is this long enough and digits enough to be an identity number or a phone? */
function isPersonKey(text: string): boolean {
  return /^(?:1\d{10}|\d{15}|\d{17}[\dXx])$/.test(text.replace(/[\s-]/g, ""));
}

interface Asked {
  readonly text: string;
  readonly session: Session;
  readonly operations: readonly OperationRow[];
  readonly found: { readonly items: readonly Found[] } | undefined;
}

/** What can be chosen for a text, by kind; before anything is typed, what was chosen last and every page. */
export function choicesFor(t: TFunction, asked: Asked): readonly ChoiceGroup[] {
  const { text, session } = asked;
  const sought = text.toLowerCase();
  const like = (label: string): boolean => label.toLowerCase().includes(sought);
  const pages = placesFor(session)
    .map((place): Choice => pageChoice(t, place))
    .filter(({ label }) => like(label));
  const operations = asked.operations
    .map(({ id }): Choice => ({
      key: `operation-${id}`,
      label: wordFor(t, "operation", id),
      detail: "",
      areaCode: "",
      to: { to: "/functions", search: { operation: id } },
    }))
    .filter(({ label }) => sought !== "" && like(label));
  const mayFind = session.permissions.includes("people.person.read");
  const person: Choice = { key: "person", label: t("palette.person.title"), detail: "", areaCode: "", to: null };
  const groups: readonly ChoiceGroup[] = [
    { name: "recent", choices: sought === "" ? recentChoices() : [] },
    { name: "person", choices: mayFind && isPersonKey(text) ? [person] : [] },
    { name: "records", choices: (asked.found?.items ?? []).map((found) => recordChoice(t, found)) },
    { name: "pages", choices: sought === "" ? pages : pages.slice(0, eachMax) },
    { name: "operations", choices: operations.slice(0, eachMax) },
    { name: "person", choices: mayFind && !isPersonKey(text) && (sought === "" || like(person.label)) ? [person] : [] },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

function pageChoice(t: TFunction, place: ReturnType<typeof placesFor>[number]): Choice {
  const to = { to: place.to, ...(place.search ? { search: place.search } : {}) };
  return {
    key: `page-${place.key}`,
    label: t(`shell.place.${place.key}`),
    detail: t(`shell.group.${place.group}`),
    areaCode: "",
    to,
  };
}

const detailGroups: Readonly<Record<Found["kind"], string | null>> = {
  tube: "enums.tubeState",
  case: "enums.caseState",
  zone: "enums.risk",
  site: "enums.siteKind",
  area: null,
  venue: null,
  team: "teams.values.teamKind",
  checkpoint: null,
  task: null,
};

/** Where a record opens. Kinds without a page of their own open the list of their area. */
function recordChoice(t: TFunction, found: Found): Choice {
  const { id, areaCode } = found;
  const pages: Readonly<Record<Found["kind"], Choice["to"]>> = {
    tube: { to: "/tubes/$id", params: { id } },
    case: { to: "/cases/$id", params: { id } },
    zone: { to: "/zones/$id", params: { id } },
    site: { to: "/sites/$id", params: { id } },
    task: { to: "/tasks/$id", params: { id } },
    area: { to: "/tasks", search: { areaCode: id, state: "open" } },
    venue: { to: "/tasks", search: { areaCode, state: "open" } },
    team: { to: "/teams", search: { areaCode } },
    checkpoint: { to: "/inbound", search: { areaCode } },
  };
  const group = detailGroups[found.kind];
  return {
    key: `${found.kind}-${id}`,
    label: found.kind === "task" ? wordFor(t, "task.kind", found.name) : found.name,
    detail: [t(`palette.kind.${found.kind}`), group === null ? "" : wordFor(t, group, found.detail)]
      .filter(Boolean)
      .join(" · "),
    // An area's own name stands before it: only where it lies is told.
    areaCode: found.kind === "area" ? areaCode.slice(0, areaCode.length - 3) : areaCode,
    to: pages[found.kind],
  };
}

/** Remembers a choice for the next time, on this device and never a person. */
export function keepRecent(choice: Choice): void {
  const before = recentChoices().filter(({ key }) => key !== choice.key);
  storeRecent([choice, ...before]);
}
