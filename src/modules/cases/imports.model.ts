import Type, { type Static } from "typebox";
import { nullable, oneOf, strict } from "#domain/outbreaks";

/** The date patterns a mapping file may name. */
export const dateFormats = ["yyyy-MM-dd", "yyyy/MM/dd", "dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "yyyyMMdd"] as const;
export type DateFormat = (typeof dateFormats)[number];

/** How one field of a record is read from a row of somebody else's file. */
export const FieldMap = strict({
  /** The column, or several of which the first that is not empty counts. */
  column: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 20 })])),
  /** A fixed value instead of a column. */
  value: Type.Optional(Type.String()),
  date: Type.Optional(oneOf(dateFormats)),
  /** Values of the file → values of the system, compared without regard to case. */
  values: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** Regular expressions tried in order, without regard to case, when no value fits. */
  patterns: Type.Optional(
    Type.Array(strict({ match: Type.String({ minLength: 1, maxLength: 400 }), value: Type.String() }), {
      maxItems: 50,
    }),
  ),
  /** The value when the cell is empty or nothing fits; without it an unknown value is an error. */
  otherwise: Type.Optional(nullable(Type.String())),
  /** Cells that count as empty, such as NA. */
  empty: Type.Optional(Type.Array(Type.String(), { maxItems: 20 })),
  required: Type.Optional(Type.Boolean()),
});
export type FieldMap = Static<typeof FieldMap>;

const head = {
  /** The name of the register the file comes from; a person is known by register and ref. */
  register: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 60 }),
  source: Type.String({ minLength: 1 }),
  delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
};

/** A mapping file for a line list of cases. */
export const CaseMapping = strict({
  format: oneOf(["cases"] as const),
  ...head,
  fields: strict({
    ref: FieldMap,
    areaCode: FieldMap,
    sex: Type.Optional(FieldMap),
    age: Type.Optional(FieldMap),
    state: FieldMap,
    severity: Type.Optional(FieldMap),
    provenance: FieldMap,
    onsetDay: Type.Optional(FieldMap),
    sampledDay: Type.Optional(FieldMap),
    diagnosedDay: FieldMap,
    quarantinedDay: Type.Optional(FieldMap),
    admittedDay: Type.Optional(FieldMap),
    outcome: Type.Optional(FieldMap),
    outcomeDay: Type.Optional(FieldMap),
    cluster: Type.Optional(FieldMap),
  }),
});
export type CaseMapping = Static<typeof CaseMapping>;

export const ImportCases = Type.Object({
  /** The file's text. */
  text: Type.String({ minLength: 1 }),
  /** The mapping file's text (YAML). */
  mapping: Type.String({ minLength: 1, maxLength: 100_000 }),
  /** Check everything and write nothing. */
  dryRun: Type.Boolean(),
});
export type ImportCases = Static<typeof ImportCases>;

export const RowError = Type.Object({
  /** Counted from 1 with the heading as line 1, as an editor shows it. */
  line: Type.Integer(),
  field: Type.String(),
  message: Type.String(),
});
export type RowError = Static<typeof RowError>;

export const ImportReport = Type.Object({
  dryRun: Type.Boolean(),
  rows: Type.Integer(),
  /** Rows that were (or in a dry run would be) taken. */
  taken: Type.Integer(),
  /** Rows whose record was there already. */
  known: Type.Integer(),
  bad: Type.Integer(),
  /** The first errors; all of them stand in `errorFile`. */
  errors: Type.Array(RowError),
  /** The rows not taken with their errors, as CSV to mend and send again; empty when there are none. */
  errorFile: Type.String(),
});
export type ImportReport = Static<typeof ImportReport>;
