import Type, { type Static } from "typebox";
import { nullable } from "#domain/outbreaks";

export const idKinds = ["residentId", "passport", "hkMacaoPermit", "taiwanPermit", "foreignPermit", "other"] as const;
export const IdKind = Type.Union([
  Type.Literal("residentId"),
  Type.Literal("passport"),
  Type.Literal("hkMacaoPermit"),
  Type.Literal("taiwanPermit"),
  Type.Literal("foreignPermit"),
  Type.Literal("other"),
]);
export type IdKind = Static<typeof IdKind>;

export const Sex = Type.Union([Type.Literal("male"), Type.Literal("female"), Type.Literal("unknown")]);
export type Sex = Static<typeof Sex>;

/** What other modules and pages may see of a person: the identity number only by its last four. */
export const PersonCard = Type.Object({
  id: Type.Integer(),
  areaCode: Type.String(),
  householdId: nullable(Type.Integer()),
  name: Type.String(),
  sex: Sex,
  birthDate: nullable(Type.String()),
  idKind: nullable(IdKind),
  idLast4: nullable(Type.String()),
  occupation: nullable(Type.String()),
  workplaceVenueId: nullable(Type.Integer()),
  register: Type.String(),
  ref: nullable(Type.String()),
});
export type PersonCard = Static<typeof PersonCard>;

export const PersonPage = Type.Object({ items: Type.Array(PersonCard), next: nullable(Type.String()) });

export const PersonQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
});
export type PersonQuery = Static<typeof PersonQuery>;

/** A person as a register brings them. */
export interface NewPerson {
  /** The person's number in the register; the same number is the same person. */
  readonly ref?: string;
  readonly areaCode: string;
  readonly name: string;
  readonly sex?: Sex;
  readonly birthDate?: string;
  readonly idKind?: IdKind;
  readonly idNumber?: string;
  readonly phone?: string;
  /** The household's number in the register, within the area. */
  readonly household?: string;
  readonly address?: string;
  readonly occupation?: string;
  readonly workplaceVenueId?: number;
}

/** A synthetic person with an id of the caller's choosing. */
export interface BulkPerson {
  readonly id: number;
  readonly areaCode: string;
  readonly householdId: number | null;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: string | null;
  readonly ref: string;
  readonly idKind?: IdKind;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly occupation?: string;
  readonly workplaceVenueId?: number;
}

export interface BulkHousehold {
  readonly id: number;
  readonly areaCode: string;
  readonly address?: string;
}

/** One member of the household of an asked person, the asked person left out. */
export interface HouseholdMember {
  /** The person who was asked for. */
  readonly of: number;
  readonly id: number;
  readonly areaCode: string;
  readonly householdId: number;
}

export interface WorkplaceMember {
  readonly venueId: number;
  readonly id: number;
  readonly areaCode: string;
}

export const RowError = Type.Object({ row: Type.Integer(), field: Type.String(), message: Type.String() });
export type RowError = Static<typeof RowError>;

export const ImportPeopleResult = Type.Object({
  total: Type.Integer(),
  good: Type.Integer(),
  bad: Type.Integer(),
  /** People who were not known before. */
  added: Type.Integer(),
  /** People found in the register already, by identity or by number. */
  matched: Type.Integer(),
  errors: Type.Array(RowError),
});
export type ImportPeopleResult = Static<typeof ImportPeopleResult>;

/** `people.registered`: how many people became known in which village, once a call of a register. */
export interface PeopleRegistered {
  readonly villages: readonly { readonly areaCode: string; readonly people: number }[];
}
