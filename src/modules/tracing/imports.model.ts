import Type, { type Static } from "typebox";
import { strict } from "#domain/outbreaks";
import { FieldMap } from "#domain/cases";

/** A mapping file for a list of who met whom; both ends are cases of the named register's line list. */
export const ContactMapping = strict({
  format: Type.Literal("contacts"),
  register: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 60 }),
  source: Type.String({ minLength: 1 }),
  delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
  /** True when the first end is the (possible) infector of the second. */
  directed: Type.Boolean(),
  fields: strict({
    from: FieldMap,
    to: FieldMap,
    relation: FieldMap,
    /** The circumstances, from which the protocol's criteria give the class. */
    setting: FieldMap,
    overlapMinutes: FieldMap,
    gapMinutes: FieldMap,
  }),
});
export type ContactMapping = Static<typeof ContactMapping>;

export const ImportContacts = Type.Object({
  text: Type.String({ minLength: 1 }),
  /** The mapping file's text (YAML). */
  mapping: Type.String({ minLength: 1, maxLength: 100_000 }),
  dryRun: Type.Boolean(),
});
export type ImportContacts = Static<typeof ImportContacts>;
