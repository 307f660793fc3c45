/** What is known of the statements that ask several shards, with the reasons; tests/placement.test.ts holds it against all of them. */

/** The statements of each hot path: functions of stores, and database functions. */
export const hotPaths: Readonly<Record<string, readonly string[]>> = {
  "ingest of visits": [
    "venues/venues.store.ts insertVisits",
    "venues/scan.store.ts insert",
    "venues/scan.store.ts leave",
  ],
  "contacts of a person": ["wuyang.stays_of", "wuyang.visitors_of", "people/people.store.ts selectHouseholdMembers"],
  "contacts of contacts": ["venues/presence.store.ts eachStayOf", "venues/presence.store.ts addVisitorsIn"],
  "upload of tubes": ["screening/upload.store.ts foundOf", "screening/upload.store.ts storeUpload"],
  "results of tubes": [
    "screening/tubes.store.ts membersOf",
    "screening/tubes.store.ts storeResults",
    "screening/tubes.store.ts moveTubes",
    "screening/tubelist.store.ts resultsOf",
  ],
  "coverage counters": [
    "screening/boxes.store.ts sendBoxes",
    "screening/boxes.store.ts takeBoxes",
    "screening/rounds.store.ts insertAbsences",
    "screening/rounds.store.ts excuseIsolated",
    "screening/rounds.store.ts addFind",
  ],
  "holds and cases": [
    "cases/cases.store.ts upsertControl",
    "cases/cases.store.ts controlAt",
    "people/homes.store.ts homesOfPeople",
  ],
  "a person's card": ["people/people.store.ts selectPeople", "people/people.store.ts selectByHash"],
};

/** What each kind of fan-out costs beside the same look-up in one table: `node bench/shards.bench.ts`, in docs/sizing.md. */
const identity = "hot: one number looked for by its hash, an index look-up on each shard";
const ofTubes = "hot: the members of a batch's tubes, who live anywhere: an index look-up a tube on each shard";
const today = "hot: a person's visits of the days that are not packed lie by venue: an index look-up on each shard";
const setOfVenues = "hot: the venues of a whole set of people lie on every shard, and each is asked once";
const list = "a page of an area's list: the first rows of each shard";
const count = "a count of an area's people: one pass over the index of each shard";
const wholeDay = "reads whole days: once a day, in a duty or a report";
const recount = "the night's recount of a round, and one that is asked for: each shard sums its own";
const evidence = "why a counter differs, asked only where one does: one pass over each shard";
const matching = "registers are compared before the people are spread, and refused afterwards (PEOPLE-19)";
const oneMachine = "on one machine only; where the table is spread the text beside it is asked";

/** Statements that ask every shard, by place and table, with the reason why that may be. */
export const fanOuts: Readonly<Record<string, string>> = {
  "people/arrivals.store.ts entriesOfPeople person": matching,
  "people/batch.store.ts batchCandidates person": matching,
  "people/batch.store.ts beginBatch person": matching,
  "people/batch.store.ts countyPeople person": matching,
  "people/candidates.store.ts candidatesFor person": matching,
  "people/candidates.store.ts candidatesOf person":
    "the candidates of a page of the review queue, by their ids, on each shard",
  "people/counts.store.ts countByPrefix person": count,
  "people/counts.store.ts keepCounts person": "counts everybody once a day: one pass over the index of each shard",
  "people/homes.store.ts bornBy person": list,
  "people/homes.store.ts populationOf person": count,
  "people/lookup.store.ts idsByHashes person": identity.replace("hot: ", ""),
  "people/people.store.ts pageByArea person": list,
  "people/people.store.ts selectByHash person": identity,
  "people/people.store.ts selectHouseholdMembers person":
    "hot: a household's members have ids of their own: an index look-up a household on each shard",
  "people/people.store.ts selectWorkplaceMembers person":
    "colleagues and classmates: an index look-up a workplace on each shard",
  "people/people.store.ts settlePersonIds person": "the largest id after a bulk load",
  "screening/boxes.store.ts sendBoxes sample": ofTubes,
  "screening/boxes.store.ts takeBoxes sample": ofTubes,
  "screening/evidence.store.ts absentSampled absence": evidence,
  "screening/evidence.store.ts absentSampled sample": evidence,
  "screening/evidence.store.ts movedPeople absence": evidence,
  "screening/evidence.store.ts movedPeople person": evidence,
  "screening/evidence.store.ts movedPeople sample": evidence,
  "screening/evidence.store.ts oddTubes sample": evidence,
  "screening/evidence.store.ts registeredUncounted person": evidence,
  "screening/evidence.store.ts strayedSwabs sample": evidence,
  "screening/evidence.store.ts toldResults sample": evidence,
  "screening/figures.store.ts positiveTubes sample": "the members of a day's positive tubes, for the report",
  "screening/figures.store.ts sampleOnce sample": wholeDay,
  "screening/recount.store.ts areaOfSpread absence": recount,
  "screening/recount.store.ts areaOfSpread person": recount,
  "screening/recount.store.ts areaOfSpread sample": recount,
  "screening/recount.store.ts eachTube sample": oneMachine,
  "screening/recount.store.ts inOrder sample": oneMachine,
  "screening/recount.store.ts others absence": oneMachine,
  "screening/recount.store.ts others person": oneMachine,
  "screening/recount.store.ts people person": oneMachine,
  "screening/recount.store.ts standing absence": oneMachine,
  "screening/recount.store.ts standing sample": oneMachine,
  "screening/recount.store.ts standingOfSpread absence": recount,
  "screening/recount.store.ts standingOfSpread sample": recount,
  "screening/rounds.store.ts fillCoverage person": "who is due in a round, counted once when it opens",
  "screening/rounds.store.ts pageNotSampled absence": list,
  "screening/rounds.store.ts pageNotSampled person": list,
  "screening/rounds.store.ts pageNotSampled sample": list,
  "screening/rounds.store.ts untestedIn absence": "whom nobody has tested, once when a round closes, shard by shard",
  "screening/rounds.store.ts untestedIn person": "whom nobody has tested, once when a round closes, shard by shard",
  "screening/rounds.store.ts untestedIn sample": "whom nobody has tested, once when a round closes, shard by shard",
  "screening/tubes.store.ts endTubes sample": ofTubes.replace("hot: ", ""),
  "screening/tubes.store.ts membersOf sample": ofTubes,
  "screening/tubes.store.ts moveTubes sample": ofTubes,
  "screening/tubes.store.ts storeResults sample": ofTubes,
  "screening/tubelist.store.ts tubeMembers sample": ofTubes.replace("hot: ", ""),
  "venues/presence.store.ts eachStayOf visit": today,
  "venues/presence.store.ts eachStayOf visit_closing": today,
  "venues/presence.store.ts addVisitorsIn visit": setOfVenues,
  "venues/presence.store.ts addVisitorsIn visit_by_venue": setOfVenues,
  "venues/presence.store.ts addVisitorsIn visit_closing": setOfVenues,
  "venues/scan.store.ts leave visit":
    "hot: only scans that tell a leaving look for their visit, which lies by the venue's number, on each shard",
  "venues/seals.store.ts dayColumns visit_by_venue": wholeDay,
  "venues/seals.store.ts dayColumns visit_closing": wholeDay,
  "venues/venues.store.ts useByVenue visit": oneMachine,
  "venues/venues.store.ts useByVenue visit_by_venue": oneMachine,
  "venues/venues.store.ts useByVenue visit_closing": oneMachine,
  "venues/venues.store.ts useOfSpread visit": wholeDay,
  "venues/venues.store.ts useOfSpread visit_by_venue": wholeDay,
  "venues/venues.store.ts useOfSpread visit_closing": wholeDay,
  "wuyang.person_homes person": "identities of a batch that registers, by their hashes, on each shard",
  "wuyang.person_refs person": "a register's numbers of a batch that registers, on each shard",
  "wuyang.stays_of visit": today,
  "wuyang.stays_of visit_closing": today,
};

/** Statements that Citus would refuse, with what follows. */
export const refused: Readonly<Record<string, string>> = {
  "people/arrivals.store.ts entriesOfPeople": matching,
  "people/batch.store.ts batchCandidates": matching,
  "people/batch.store.ts beginBatch": matching,
  "people/batch.store.ts countyPeople": matching,
  "people/candidates.store.ts candidatesFor": matching,
  "screening/recount.store.ts eachTube": oneMachine,
  "screening/recount.store.ts inOrder": oneMachine,
  "screening/recount.store.ts standing": oneMachine,
  "venues/venues.store.ts useByVenue": oneMachine,
};

/** Texts whose table is not known, with the reason. */
export const unknown: Readonly<Record<string, string>> = {
  "platform/db.ts sqlOf": "the caller's table, read where it calls",
  "platform/indexes.ts takeIndexes": "an index by its name from the catalog, in tools on one machine",
  "platform/pipeline.ts inTurn": "the caller's table, read where it calls",
  "teams/register.store.ts load": "the caller's table: team, team_member or team_post, all of which stay",
  "venues/loads.store.ts loadVisitRows": "the table of one day of a city that is loaded into a database of its own",
};
