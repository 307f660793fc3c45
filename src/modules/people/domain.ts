import {
  agreements,
  entryStates,
  idStates,
  linkageStates,
  linkAnswers,
  linkHows,
  registerKinds,
} from "./registers.model.ts";

export * from "./blocks.rules.ts";
export * from "./identity.rules.ts";
export * from "./import.rules.ts";
export * from "./linkage.rules.ts";
export * from "./people.model.ts";
export * from "./progress.rules.ts";
export * from "./registers.model.ts";

/** Values that pages show by a word. */
export const vocabulary = {
  "registers.values.kind": registerKinds,
  "registers.values.entryState": entryStates,
  "registers.values.linkageState": linkageStates,
  "registers.values.how": linkHows,
  "registers.values.answer": linkAnswers,
  "registers.values.idState": idStates,
  "registers.values.agreement": agreements,
} as const;
