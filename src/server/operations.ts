import { formFields, type BodySchema, type FormField, type WordsOf } from "#kernel/form";
import type { Route } from "#platform/http";
import type { ModuleDef } from "#platform/module";
import { vocabularies } from "./vocabularies.ts";

/** What a person with an account may do, and the form that it takes. */
export interface Operation {
  readonly id: string;
  readonly module: string;
  readonly method: string;
  readonly url: string;
  readonly permission: string;
  /** Asked for in the path, such as the id of the record it is about. */
  readonly params: readonly FormField[];
  readonly fields: readonly FormField[];
}

/** Names the words of values: the module's own vocabulary first, then any that holds them all, then the field's own. */
export function wordsFor(module: string): WordsOf {
  return (name, values) => {
    const holding = Object.entries(vocabularies).filter(([, known]) => values.every((value) => known.includes(value)));
    const exact = holding.filter(([, known]) => known.length === values.length);
    const [group] =
      exact.find(([key]) => key.startsWith(`${module}.`)) ??
      holding.find(([key]) => key.startsWith(`${module}.`)) ??
      (exact.length === 1 ? (exact[0] ?? []) : []);
    return group ?? `field.values.${name}`;
  };
}

/** Tables come in as files through the import pages, and a form of the public is not an account's. */
function isForPeople(route: Route): route is Route & { readonly permission: string } {
  return route.method !== "GET" && typeof route.permission === "string" && !/\/import(\/errors)?$/.test(route.url);
}

/** Every operation that changes something, with its form, by its id. */
export function operationsOf(list: readonly ModuleDef[]): ReadonlyMap<string, Operation> {
  const found = list.flatMap((module) =>
    module.routes.filter(isForPeople).map((route): Operation => {
      const words = wordsFor(module.name);
      return {
        id: route.operationId,
        module: module.name,
        method: route.method,
        url: route.url,
        permission: route.permission,
        params: formFields(route.params as BodySchema | undefined, words),
        fields: formFields(route.body as BodySchema | undefined, words),
      };
    }),
  );
  return new Map(found.map((operation) => [operation.id, operation]));
}
