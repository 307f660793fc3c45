/**
 * The words every protocol and every module share. They name moments, places and roles of an
 * outbreak response in general; none of them belongs to one disease.
 */

export const caseStates = ["preliminary", "suspect", "confirmed", "asymptomatic", "excluded"] as const;
export type CaseState = (typeof caseStates)[number];

/** Where an infection was found (domain.md §1.1, provenance). */
export const provenances = [
  "centralQuarantine",
  "homeQuarantine",
  "homeMonitor",
  "highZone",
  "mediumZone",
  "keyGroup",
  "closedLoop",
  "clinic",
  "crossRegion",
  "inbound",
  "community",
] as const;
export type Provenance = (typeof provenances)[number];

/** A deadline's name; the protocol gives its minutes and its rule id. */
export const clockIds = [
  /** Diagnosis → statutory network report. */
  "reportStatutory",
  /** Report received → verified by the disease-control centre. */
  "verifyReport",
  /** Preliminary positive result → disease-control centre and headquarters told. */
  "reportPreliminary",
  /** First case in a county or cluster → emergency event report. */
  "reportFirst",
  /** Positive → core activity track. */
  "coreTrack",
  /** Positive → preliminary epidemiological report. */
  "epiReport",
  /** Close contact identified → in the designated place. */
  "placeClose",
  /** Secondary contact identified → placed. */
  "placeSecondary",
  /** Positive pool result → the infected person in the designated place. */
  "positiveToControl",
  /** Positive pool result → result of the single tubes. */
  "recheck",
  /** Change of class or outcome → corrected in the system. */
  "correctRecord",
  /** Round opened → all its tubes resulted. */
  "natRound",
  /** Tube collected → received in the laboratory. */
  "natTransit",
  /** Tube received → resulted, area and pooled samples. */
  "labArea",
  "labFeverClinic",
  "labPatient",
  "labYellow",
  "labVoluntary",
  /** Order → sampling site ready. */
  "siteSetup",
  /** Positive → its risk zone in force. */
  "positiveToZone",
] as const;
export type ClockId = (typeof clockIds)[number];

export const contactClasses = ["close", "secondary", "general"] as const;
export type ContactClass = (typeof contactClasses)[number];

/** The circumstances in which two people met. */
export const settings = [
  "household",
  "care",
  "aerosol",
  "meal",
  "entertainment",
  "work",
  "school",
  "lift",
  "vehicle",
  "gathering",
  "shop",
  "clinic",
  "publicPlace",
  "contaminated",
  "other",
] as const;
export type Setting = (typeof settings)[number];

/** Groups of people with one management plan. */
export const planClasses = [
  "close",
  "secondary",
  "general",
  "exposed",
  "inbound",
  "highZone",
  "mediumZone",
  "lowZone",
  "highRiskPost",
  "discharged",
] as const;
export type PlanClass = (typeof planClasses)[number];

/** Groups of people with one kind of tube, whatever the zone they live in. */
export const tubeGroups = ["quarantine", "recheck", "keyGroup", "feverClinic", "closeContact", "sentinel"] as const;
export type TubeGroup = (typeof tubeGroups)[number];

/** Kinds of area a round's stop rule depends on (domain.md §1.7). */
export const roundAreaTypes = ["capitalDistrict", "capitalOther", "urban", "outsideUrban", "rural"] as const;
export type RoundAreaType = (typeof roundAreaTypes)[number];

/** From the strictest down. */
export const zoneLevels = ["high", "medium", "low"] as const;
export type ZoneLevel = (typeof zoneLevels)[number];

/** What a place was to a case. */
export const zonePlaces = ["residence", "frequentActivity", "stay"] as const;
export type ZonePlace = (typeof zonePlaces)[number];

/** Teams a zone's work may go to. */
export const zoneTeams = ["grid", "police", "doorSampling", "sampling", "medical", "supplies", "publicInfo"] as const;

/** What a phase's entry is measured on; each is a count at the moment of asking. */
export const measures = [
  /** Infections found so far, all provenances. */
  "positives",
  /** Full days in a row without a community find. */
  "communityCleanDays",
  /** Full days in a row without any find. */
  "cleanDays",
  /** Days since the last case had contact or fell ill. */
  "daysSinceLastCase",
  "zonesAboveLow",
  "openContacts",
  "patientsInCare",
] as const;
export type Measure = (typeof measures)[number];

export const phases = ["activation", "containment", "communityZero", "lifting", "allClear"] as const;
export type Phase = (typeof phases)[number];
