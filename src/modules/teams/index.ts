export { module } from "./teams.module.ts";
export { answerCallUp, callUp, listCallUps, standDown } from "./callups.service.ts";
export type { CallUpRow, NeedRow, NewNeed } from "./duty.model.ts";
export { followUpExposure, listExposures, recordExposure } from "./exposures.service.ts";
export { getMember, memberPerson } from "./member.service.ts";
export { assignByNeed, cancelNeed, listNeeds, openNeeds, openNeedsFor } from "./needs.service.ts";
export {
  closeTeam,
  exportMembers,
  holdPost,
  listMembers,
  listPosts,
  listTeams,
  mobilisation,
  mobilisationOf,
  registerMembers,
  registerMembersBulk,
  registerPosts,
  registerPostsBulk,
  registerTeams,
  registerTeamsBulk,
} from "./register.service.ts";
export { checkIn, checkOut, listShifts, planShifts } from "./shifts.service.ts";
export { teamsTally } from "./teams.figures.ts";
export type { Mobilisation, NewMember, NewPost, NewTeam } from "./teams.model.ts";
export { decideVolunteer, listVolunteers, registerVolunteer, volunteerStatus } from "./volunteers.service.ts";
export { teamsNamed } from "./lookup.store.ts";
