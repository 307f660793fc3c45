import Type, { type Static } from "typebox";
import {
  type ContactClass,
  contactClasses,
  Moment,
  nullable,
  oneOf,
  type Setting,
  settings,
  sorts,
} from "#domain/outbreaks";

const MomentInput = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" });
const Area = Type.String({ maxLength: 20 });
const Reason = Type.String({ minLength: 2, maxLength: 1_000 });
const PersonId = Type.Integer({ minimum: 1 });

export const contactStates = [
  "identified",
  "ordered",
  "placed",
  "handedOver",
  "excluded",
  "released",
  "converted",
] as const;
export type ContactState = (typeof contactStates)[number];

export const exposureSources = ["household", "workplace", "visit", "tube", "interview", "import"] as const;
export type ExposureSource = (typeof exposureSources)[number];

/** A meeting between a case (or a contact of it) and a person, before the protocol has judged it. */
export interface Candidate {
  readonly personId: number;
  /** The close contact the person met, when it was not the case. */
  readonly viaPersonId?: number;
  readonly setting: Setting;
  readonly overlapMinutes: number;
  readonly gapMinutes: number;
  readonly lastAt: string;
  readonly venueId?: string;
  readonly place?: string;
  readonly protected?: boolean;
  readonly source: ExposureSource;
}

/** A candidate the protocol has judged; `class` null means no criterion fits. */
export interface Judged extends Candidate {
  readonly class: ContactClass | null;
  readonly criterionId: string | null;
  readonly ruleId: string | null;
  /** The criterion's place in the protocol's order; the lower the nearer. */
  readonly order: number;
}

const maxMinutes = 14 * 24 * 60;
/** An exposure as a tracer's interview gives it. */
export const InterviewExposure = Type.Object({
  personId: PersonId,
  /** The close contact the person met, when it was not the case. */
  viaPersonId: Type.Optional(PersonId),
  setting: oneOf(settings),
  overlapMinutes: Type.Integer({ minimum: 0, maximum: maxMinutes }),
  gapMinutes: Type.Integer({ minimum: 0, maximum: maxMinutes }),
  lastAt: Type.Optional(MomentInput),
  venueId: Type.Optional(Type.String({ format: "uuid" })),
  place: Type.Optional(Type.String({ maxLength: 200 })),
  protected: Type.Optional(Type.Boolean()),
});
export type InterviewExposure = Static<typeof InterviewExposure>;

const exposuresMax = 2_000;
export const IdentifyContacts = Type.Object({
  exposures: Type.Optional(Type.Array(InterviewExposure, { maxItems: exposuresMax })),
  /** People the investigator judges to be close contacts. */
  extraPersonIds: Type.Optional(Type.Array(PersonId, { maxItems: exposuresMax })),
  /** Registers to leave out, when the tracer's own list is better (all are used by default). */
  without: Type.Optional(Type.Array(oneOf(["household", "workplace", "visit", "tube"] as const), { maxItems: 4 })),
});
export type IdentifyContacts = Static<typeof IdentifyContacts> & { readonly caseId: string };

export const Identified = Type.Object({
  close: Type.Integer(),
  secondary: Type.Integer(),
  general: Type.Integer(),
});
export type Identified = Static<typeof Identified>;

export const Investigation = Type.Object({
  id: Type.String(),
  caseId: Type.String(),
  areaCode: Type.String(),
  state: oneOf(["open", "done", "cancelled"] as const),
  openedAt: Moment,
  coreDueAt: nullable(Moment),
  coreDoneAt: nullable(Moment),
  reportDueAt: nullable(Moment),
  reportDoneAt: nullable(Moment),
  windowFrom: nullable(Moment),
  windowTo: nullable(Moment),
  identifiedAt: nullable(Moment),
  closeFound: Type.Integer(),
  secondaryFound: Type.Integer(),
  generalFound: Type.Integer(),
});
export type Investigation = Static<typeof Investigation>;

export const Track = Type.Object({
  venueId: nullable(Type.String()),
  place: nullable(Type.String()),
  setting: Type.String(),
  fromAt: Moment,
  toAt: Moment,
  source: Type.String(),
});
export type Track = Static<typeof Track>;

const tracksMax = 500;
export const AddTracks = Type.Object({
  tracks: Type.Array(
    Type.Object({
      venueId: Type.Optional(Type.String({ format: "uuid" })),
      place: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      setting: oneOf(settings),
      fromAt: MomentInput,
      toAt: MomentInput,
    }),
    { minItems: 1, maxItems: tracksMax },
  ),
});
export type AddTracks = Static<typeof AddTracks> & { readonly caseId: string };

export const ContactRow = Type.Object({
  id: Type.String(),
  caseId: Type.String(),
  caseNumber: nullable(Type.String()),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  kind: oneOf(contactClasses),
  setting: Type.String(),
  criterionId: Type.String(),
  ruleId: Type.String(),
  lastExposureAt: Moment,
  identifiedAt: Moment,
  dueAt: nullable(Moment),
  placedAt: nullable(Moment),
  releasedAt: nullable(Moment),
  state: oneOf(contactStates),
  excludedReason: nullable(Type.String()),
  escalatedFrom: nullable(Type.String()),
  linkedContactId: nullable(Type.String()),
  convertedCaseId: nullable(Type.String()),
});
export type ContactRow = Static<typeof ContactRow>;
export const ContactPage = Type.Object({ items: Type.Array(ContactRow), next: nullable(Type.String()) });

export const ContactQuery = Type.Object({
  areaCode: Type.Optional(Area),
  state: Type.Optional(oneOf(contactStates)),
  kind: Type.Optional(oneOf(contactClasses)),
  caseId: Type.Optional(Type.String({ format: "uuid" })),
  overdue: Type.Optional(Type.Boolean()),
  /** By when the contact was found; by itself the latest first. */
  sort: sorts("identified"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ContactQuery = Static<typeof ContactQuery>;

export const ExposureRow = Type.Object({
  caseId: Type.String(),
  setting: Type.String(),
  place: nullable(Type.String()),
  lastAt: Moment,
  overlapMinutes: Type.Integer(),
  gapMinutes: Type.Integer(),
  protected: Type.Boolean(),
  source: oneOf(exposureSources),
  class: nullable(Type.String()),
  criterionId: nullable(Type.String()),
  ruleId: nullable(Type.String()),
  protocolVersion: Type.String(),
});
export type ExposureRow = Static<typeof ExposureRow>;

export const Handover = Type.Object({
  id: Type.String(),
  contactId: Type.String(),
  areaCode: Type.String(),
  fromArea: Type.String(),
  outside: Type.Boolean(),
  note: Type.String(),
  offeredAt: Moment,
  dueAt: Moment,
  answer: nullable(Type.String()),
  answeredAt: nullable(Moment),
  reason: nullable(Type.String()),
});
export type Handover = Static<typeof Handover>;
export const HandoverPage = Type.Object({ items: Type.Array(Handover), next: nullable(Type.String()) });
export const HandoverQuery = Type.Object({
  areaCode: Type.Optional(Area),
  open: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type HandoverQuery = Static<typeof HandoverQuery>;

export const ContactDetail = Type.Object({
  ...ContactRow.properties,
  exposures: Type.Array(ExposureRow),
});
export type ContactDetail = Static<typeof ContactDetail>;

/** The person behind a contact; only with a reason, which the audit keeps. */
export const ContactPerson = Type.Object({
  contactId: Type.String(),
  personId: Type.Integer(),
  name: Type.String(),
  sex: Type.String(),
  birthDate: nullable(Type.String()),
  areaCode: Type.String(),
});
export type ContactPerson = Static<typeof ContactPerson>;

export const HandOver = Type.Object({ toArea: Area, note: Reason });
export type HandOver = Static<typeof HandOver> & { readonly contactId: string };
export const AnswerHandOver = Type.Object({ reason: Type.Optional(Reason) });
export type AnswerHandOver = Static<typeof AnswerHandOver> & { readonly handoverId: string };
export const ExcludeContact = Type.Object({ reason: Reason });
export type ExcludeContact = Static<typeof ExcludeContact> & { readonly contactId: string };

export const ChainNode = Type.Object({
  id: Type.String(),
  number: nullable(Type.String()),
  ref: nullable(Type.String()),
  areaCode: Type.String(),
  state: Type.String(),
  provenance: Type.String(),
  positiveAt: Moment,
  onsetAt: nullable(Moment),
  /** Steps from the first known case of the chain; 0 for one without a known infector. */
  generation: Type.Integer(),
  /** The smallest id of the cases joined with this one by any link. */
  cluster: Type.String(),
  /** The home's number, so that a household can be drawn as one; says nothing of who lives there. */
  householdId: nullable(Type.Integer()),
  /** The place among `venues` where it was infected; null where it is unknown, a home, or a place of this case alone. */
  venue: nullable(Type.Integer()),
  /** In what setting it was infected; null where nothing is recorded. */
  setting: nullable(Type.String()),
});
export type ChainNode = Static<typeof ChainNode>;
export const ChainEdge = Type.Object({
  from: Type.String(),
  to: Type.String(),
  /** Days from the infector's onset to the infectee's; null when either is unknown. */
  serialDays: nullable(Type.Number()),
});
export type ChainEdge = Static<typeof ChainEdge>;
export const ChainLink = Type.Object({
  a: Type.String(),
  b: Type.String(),
  relation: Type.String(),
  directed: Type.Boolean(),
  setting: Type.String(),
});
export type ChainLink = Static<typeof ChainLink>;
export const ChainCluster = Type.Object({ id: Type.String(), size: Type.Integer(), generations: Type.Integer() });
export type ChainCluster = Static<typeof ChainCluster>;
export const ChainVenue = Type.Object({
  /** Null for a place that was only told in words, which are somebody's own. */
  name: nullable(Type.String()),
  nameEn: nullable(Type.String()),
});
export type ChainVenue = Static<typeof ChainVenue>;
export const Chains = Type.Object({
  nodes: Type.Array(ChainNode),
  /** Places where several cases were infected. */
  venues: Type.Array(ChainVenue),
  edges: Type.Array(ChainEdge),
  links: Type.Array(ChainLink),
  /** Largest first. */
  clusters: Type.Array(ChainCluster),
});
export type Chains = Static<typeof Chains>;

/** One contact in the data of `tracing.contactsIdentified`. */
export interface IdentifiedContact {
  readonly contactId: string;
  readonly personId: number;
  readonly kind: ContactClass;
  readonly lastExposureAt: string;
  readonly areaCode: string;
  readonly dueAt: string | null;
  readonly linkedContactId: string | null;
}
/** Data of `tracing.contactsIdentified`: new contacts, and known ones whose last exposure has moved. */
export interface ContactsIdentifiedData {
  readonly caseId: string;
  readonly contacts: readonly IdentifiedContact[];
}
/** Data of `tracing.contactEscalated`. */
export interface ContactEscalatedData {
  readonly contactId: string;
  readonly personId: number;
  readonly from: ContactClass;
  readonly to: ContactClass;
  readonly lastExposureAt: string;
  readonly areaCode: string;
  readonly dueAt: string | null;
}
/** Data of `tracing.contactExcluded`. */
export interface ContactExcludedData {
  readonly contactId: string;
  readonly personId: number;
  readonly reason: string;
}
/** Data of `tracing.contactConverted`. */
export interface ContactConvertedData {
  readonly contactId: string;
  readonly personId: number;
  readonly caseId: string;
  readonly kind: ContactClass;
}
/** Data of `tracing.contactHandedOver`. */
export interface ContactHandedOverData {
  readonly contactId: string;
  readonly personId: number;
  readonly from: string;
  readonly to: string;
  readonly outside: boolean;
}
/** Data of `tracing.contactsImported`. */
export interface ContactsImportedData {
  readonly register: string;
  readonly links: number;
}

export const CaseReachQuery = Type.Object({
  /** 1: whom the case met; 2: who met those. */
  degree: Type.Optional(Type.Union([Type.Literal("1"), Type.Literal("2")])),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type CaseReachQuery = Static<typeof CaseReachQuery>;

/** A person reached through visits, with the longest of the meetings that did it. */
export const ReachedPerson = Type.Object({
  personId: Type.Integer(),
  /** Masked: the family name only. */
  name: Type.String(),
  areaCode: Type.String(),
  meetings: Type.Integer(),
  visits: Type.Array(
    Type.Object({
      venueName: Type.String(),
      fromAt: Type.String(),
      toAt: Type.String(),
      overlapMinutes: Type.Number(),
    }),
  ),
});
export type ReachedPerson = Static<typeof ReachedPerson>;

export const CaseReach = Type.Object({
  from: Type.String(),
  to: Type.String(),
  /** How many people the case met at venues, of every area. */
  met: Type.Integer(),
  /** How many others met those. */
  further: Type.Integer(),
  /** Of one page of them, those of the reader's area. */
  items: Type.Array(ReachedPerson),
  next: nullable(Type.String()),
});
export type CaseReach = Static<typeof CaseReach>;
