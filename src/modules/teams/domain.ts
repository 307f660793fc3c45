import {
  callUpStates,
  exposureKinds,
  exposureOutcomes,
  needStates,
  protectionLevels,
  shiftStates,
  targetTypes,
} from "./duty.model.ts";
import { memberKinds, memberStates, postKinds, skills, teamKinds, teamStates, volunteerStates } from "./teams.model.ts";

export * from "./duty.model.ts";
export * from "./member.model.ts";
export * from "./teams.model.ts";
export * from "./teams.rules.ts";

/** The words whose values the pages show. */
export const vocabulary = {
  "teams.values.teamKind": teamKinds,
  "teams.values.teamState": teamStates,
  "teams.values.memberKind": memberKinds,
  "teams.values.memberState": memberStates,
  "teams.values.postKind": postKinds,
  "teams.values.volunteerState": volunteerStates,
  "teams.values.skill": skills,
  "teams.values.callUpState": callUpStates,
  "teams.values.target": targetTypes,
  "teams.values.needState": needStates,
  "teams.values.shiftState": shiftStates,
  "teams.values.exposureKind": exposureKinds,
  "teams.values.protection": protectionLevels,
  "teams.values.outcome": exposureOutcomes,
} as const;
