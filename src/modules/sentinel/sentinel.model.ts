import Type, { type Static } from "typebox";
import { nullable, sorts } from "#domain/outbreaks";

const words = <const V extends readonly string[]>(values: V) =>
  Type.Unsafe<V[number]>({ type: "string", enum: [...values] });
const Code = Type.String({ minLength: 1, maxLength: 60 });
const AreaCode = Type.String({ pattern: "^[0-9A-Za-z]{2,20}$" });
const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const Reason = Type.String({ minLength: 1, maxLength: 500 });

export const unitKinds = ["feverClinic", "villageClinic", "pharmacy"] as const;
export type UnitKind = (typeof unitKinds)[number];
export const unitStates = ["active", "closed"] as const;
export const symptomKinds = ["fever", "cough", "soreThroat", "fatigue", "lossOfSmell", "diarrhoea"] as const;
export type Symptom = (typeof symptomKinds)[number];
export const signalStates = ["open", "visited", "tested", "negative", "positive", "closed", "lost"] as const;
export type SignalState = (typeof signalStates)[number];
export const visitOutcomes = ["toTest", "sampled", "otherCause", "notFound"] as const;
export type VisitOutcome = (typeof visitOutcomes)[number];
export const alertStates = ["raised", "verified", "dismissed"] as const;
export type AlertState = (typeof alertStates)[number];
export const alertLevels = ["county", "town"] as const;

export const Unit = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  code: Type.String(),
  kind: words(unitKinds),
  name: Type.String(),
  reportsBy: Type.String(),
  reportsFrom: Type.String(),
  state: words(unitStates),
});
export type Unit = Static<typeof Unit>;
export const UnitPage = Type.Object({ items: Type.Array(Unit), next: nullable(Type.String()) });

export const NewUnit = Type.Object(
  {
    areaCode: AreaCode,
    code: Code,
    kind: words(unitKinds),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    reportsBy: Type.Optional(Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" })),
    closed: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type NewUnit = Static<typeof NewUnit>;

/** A signal as a unit sends it: a person by real name, or one whom the register knows. */
export const NewSignal = Type.Object(
  {
    unit: Code,
    ref: Code,
    /** The village where the person is staying. */
    areaCode: AreaCode,
    personId: Type.Optional(Type.Integer({ minimum: 1 })),
    name: Type.Optional(Type.String({ maxLength: 100 })),
    idNumber: Type.Optional(Type.String({ maxLength: 40 })),
    phone: Type.Optional(Type.String({ maxLength: 40 })),
    at: Type.Optional(Type.String({ maxLength: 40 })),
    temperature: Type.Optional(Type.Number({ minimum: 34, maximum: 43 })),
    drugClasses: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 10 })),
    symptoms: Type.Optional(Type.Array(words(symptomKinds), { maxItems: 10 })),
  },
  { additionalProperties: false },
);
export type NewSignal = Static<typeof NewSignal>;

export const Signal = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  unitCode: nullable(Type.String()),
  unitName: nullable(Type.String()),
  unitKind: words(unitKinds),
  at: Type.String(),
  temperature: nullable(Type.Number()),
  drugClasses: Type.Array(Type.String()),
  symptoms: Type.Array(Type.String()),
  state: words(signalStates),
  visitDueAt: Type.String(),
  testDueAt: Type.String(),
  visitedAt: nullable(Type.String()),
  endedAt: nullable(Type.String()),
  reason: nullable(Type.String()),
});
export type Signal = Static<typeof Signal>;
export const SignalPage = Type.Object({ items: Type.Array(Signal), next: nullable(Type.String()) });
export const SignalPerson = Type.Object({
  personId: Type.Integer(),
  name: Type.String(),
  sex: Type.String(),
  idLast4: nullable(Type.String()),
  areaCode: Type.String(),
});
export type SignalPerson = Static<typeof SignalPerson>;

export const Visit = Type.Object(
  { signalId: Type.String({ maxLength: 60 }), outcome: words(visitOutcomes), reason: Type.Optional(Reason) },
  { additionalProperties: false },
);
export type Visit = Static<typeof Visit>;

export const NewCount = Type.Object(
  {
    unit: Code,
    day: Day,
    fever: Type.Integer({ minimum: 0, maximum: 100_000 }),
    respiratory: Type.Integer({ minimum: 0, maximum: 100_000 }),
    drugs: Type.Integer({ minimum: 0, maximum: 100_000 }),
  },
  { additionalProperties: false },
);
export type NewCount = Static<typeof NewCount>;

export const Count = Type.Object({
  /** The unit's id and the day. */
  id: Type.String(),
  unitId: Type.String(),
  unitCode: Type.String(),
  unitName: Type.String(),
  unitKind: words(unitKinds),
  areaCode: Type.String(),
  day: Type.String(),
  fever: Type.Integer(),
  respiratory: Type.Integer(),
  drugs: Type.Integer(),
  receivedAt: Type.String(),
  late: Type.Boolean(),
  corrections: Type.Integer(),
});
export type Count = Static<typeof Count>;
export const CountPage = Type.Object({ items: Type.Array(Count), next: nullable(Type.String()) });

/** What a bulk of rows came to; a bad one is named by its place in the list, never by its text. */
export const RowsTaken = Type.Object({
  taken: Type.Integer(),
  known: Type.Integer(),
  bad: Type.Array(Type.Object({ index: Type.Integer(), field: Type.String(), message: Type.String() })),
});
export type RowsTaken = Static<typeof RowsTaken>;

export const Alert = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  level: words(alertLevels),
  measure: Type.String(),
  day: Type.String(),
  rules: Type.Array(Type.String()),
  observed: Type.Integer(),
  expected: nullable(Type.Number()),
  state: words(alertStates),
  raisedAt: Type.String(),
  verifyDueAt: Type.String(),
  answeredAt: nullable(Type.String()),
  reason: nullable(Type.String()),
});
export type Alert = Static<typeof Alert>;
export const AlertPage = Type.Object({ items: Type.Array(Alert), next: nullable(Type.String()) });

/** A unit without a return: since when, and how many days are missing. */
export const SilentUnit = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  code: Type.String(),
  kind: words(unitKinds),
  name: Type.String(),
  lastDay: nullable(Type.String()),
  missingDays: Type.Integer(),
});
export type SilentUnit = Static<typeof SilentUnit>;
export const SilentPage = Type.Object({ items: Type.Array(SilentUnit), next: nullable(Type.String()) });

const common = {
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
export const UnitQuery = Type.Object({ ...common, kind: Type.Optional(words(unitKinds)) });
export type UnitQuery = Static<typeof UnitQuery>;
export const SignalQuery = Type.Object({
  ...common,
  state: Type.Optional(words(signalStates)),
  overdue: Type.Optional(Type.Boolean()),
  sort: sorts("at", "visitDue"),
});
export type SignalQuery = Static<typeof SignalQuery>;
export const CountQuery = Type.Object({ ...common, day: Type.Optional(Day) });
export type CountQuery = Static<typeof CountQuery>;
export const AlertQuery = Type.Object({ ...common, state: Type.Optional(words(alertStates)) });
export type AlertQuery = Static<typeof AlertQuery>;
export const SilentQuery = Type.Object(common);
export type SilentQuery = Static<typeof SilentQuery>;

/** The data of `sentinel.signalled`: what the community of another county needs to know; no name. */
export interface Signalled {
  readonly signals: readonly {
    readonly signalId: string;
    readonly areaCode: string;
    readonly unitId: string;
    readonly unitKind: UnitKind;
    readonly personId: number;
    readonly ref: string;
    readonly at: string;
    readonly temperature: number | null;
    readonly drugClasses: readonly string[];
    readonly symptoms: readonly string[];
    readonly visitDueAt: string;
    readonly testDueAt: string;
  }[];
}
