import { searchByName } from "#modules/areas";
import { casesAmong, casesNumbered } from "#modules/cases";
import { checkpointsNamed } from "#modules/inbound";
import { sitesNamed } from "#modules/isolation";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { peopleByKey } from "#modules/people";
import { openTasksOfKinds } from "#modules/tasks";
import { tubeByBarcode } from "#modules/screening";
import { teamsNamed } from "#modules/teams";
import { contactsOfPersons } from "#modules/tracing";
import { venuesNamed } from "#modules/venues";
import { zonesNamed } from "#modules/zones";
import { isWithin } from "#kernel/area";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import type { Found, FoundPerson, SearchQuery } from "./desk.model.ts";
import { caseNumberIn } from "./desk.rules.ts";

/** So many of each kind; who wants more opens the list. */
const eachMax = 6;
const nameCharsMin = 2;

/** One kind of record that a search looks for, and who may. */
interface Finder {
  readonly permission: string;
  readonly find: (tx: Tx, text: string) => Promise<readonly Found[]>;
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly kind: string;
}

function byName(
  kind: Found["kind"],
  permission: string,
  find: (tx: Tx, text: string, limit: number) => Promise<Named[]>,
): Finder {
  return {
    permission,
    find: async (tx, text) => {
      if (text.length < nameCharsMin) return [];
      const rows = await find(tx, text, eachMax);
      return rows.map(({ kind: detail, ...row }) => ({ ...row, kind, detail }));
    },
  };
}

async function tubes(tx: Tx, text: string): Promise<Found[]> {
  const tube = await tubeByBarcode(tx, text);
  return tube ? [{ kind: "tube", id: tube.id, name: tube.barcode, areaCode: tube.areaCode, detail: tube.state }] : [];
}

async function cases(tx: Tx, text: string): Promise<Found[]> {
  const number = caseNumberIn(text);
  const outbreak = number === null ? undefined : await findCurrentOutbreak(tx);
  if (number === null || !outbreak) return [];
  const rows = await casesNumbered(tx, outbreak.id, number);
  return rows.map(({ state, ...row }) => ({ ...row, kind: "case", detail: state }));
}

async function areas(tx: Tx, text: string): Promise<Found[]> {
  if (text.length < nameCharsMin) return [];
  const rows = await searchByName(tx, text, eachMax * 4);
  return rows
    .filter(({ code }) => isWithin(code, tx.actor.areaCode))
    .slice(0, eachMax)
    .map((row) => ({
      kind: "area",
      id: row.code,
      name: tx.lang === "en" ? row.nameEn : row.name,
      areaCode: row.code,
      detail: row.level,
    }));
}

/** Tasks have no name of their own; the page knows which kinds are called like the text. */
async function tasks(tx: Tx, kinds: readonly string[]): Promise<Found[]> {
  const rows = await openTasksOfKinds(tx, kinds, eachMax);
  return rows.map(({ id, kind, areaCode, dueAt }) => ({ kind: "task", id, name: kind, areaCode, detail: dueAt }));
}

const finders: readonly Finder[] = [
  { permission: "screening.round.read", find: tubes },
  { permission: "cases.case.read", find: cases },
  byName("zone", "zones.zone.read", zonesNamed),
  byName("site", "isolation.read", sitesNamed),
  { permission: "areas.area.read", find: areas },
  byName("venue", "venues.venue.read", venuesNamed),
  byName("team", "teams.team.read", teamsNamed),
  byName("checkpoint", "inbound.pass.read", checkpointsNamed),
];

/** Records by their own names and numbers, each kind only for who may read it. spec: DESK-7 */
export const searchRecords = useCase(
  { name: "desk.search", permission: "desk.search.read", kind: "read" },
  async (tx, input: SearchQuery): Promise<Found[]> => {
    const text = input.q.trim();
    if (text === "") return [];
    const found: Found[] = [];
    for (const { permission, find } of finders)
      if (tx.actor.permissions.has(permission)) found.push(...(await find(tx, text)));
    if (input.taskKind && tx.actor.permissions.has("tasks.task.read")) found.push(...(await tasks(tx, input.taskKind)));
    return found;
  },
);

/** A person by a full identity number or phone; a personal read. spec: DESK-7 */
export const findPersonByKey = useCase(
  { name: "desk.findPerson", permission: "people.person.read", kind: "read", personal: true },
  async (tx, input: { key: string }): Promise<FoundPerson[]> => {
    const cards = await peopleByKey(tx, input.key.trim());
    const ids = cards.map(({ id }) => id);
    const may = (permission: string): boolean => ids.length > 0 && tx.actor.permissions.has(permission);
    const outbreak = await findCurrentOutbreak(tx);
    const ill = outbreak && may("cases.case.read") ? await casesAmong(tx, outbreak.id, ids) : [];
    const met = outbreak && may("tracing.contact.read") ? await contactsOfPersons(tx, outbreak.id, ids) : [];
    return cards.map(({ id, name, areaCode }) => ({
      id,
      name,
      areaCode,
      caseIds: ill.filter(({ personId }) => personId === id).map((row) => row.id),
      contactIds: met.filter(({ personId }) => personId === id).map((row) => row.id),
    }));
  },
);
