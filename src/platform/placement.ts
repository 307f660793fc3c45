/**
 * Where a table lies when PostgreSQL is spread over machines by Citus, and why. The numbers are for a province: 100 million
 * people, 300 million visits and 50 million swabs a day, a million contacts, 300,000 tasks a day (docs/sizing.md).
 */
export type Placement =
  | { readonly kind: "distributed"; readonly by: string; readonly beside?: string; readonly why: string }
  | { readonly kind: "local"; readonly why: string };

/*
 * No table is a reference table, a copy on every machine: each write of one is a two-phase commit on all of them (Citus 13,
 * «Reference Tables»), its foreign keys draw the tables on the other end into Citus' care with their triggers and policies
 * («Configuration Reference», citus.enable_local_reference_table_foreign_keys), and no statement of a hot path joins a
 * small table on the shards (tests/spread/known.ts).
 */
const large: Readonly<Record<string, Placement>> = {
  visit: {
    kind: "distributed",
    by: "venue_no",
    why: "300 million rows a day, 3,500 a second and 8,300 in the busiest hour; who was at a venue is asked of its shard",
  },
  visit_closing: {
    kind: "distributed",
    by: "venue_no",
    beside: "visit",
    why: "takes over partitions of visit, so it lies as visit does",
  },
  visit_by_venue: {
    kind: "distributed",
    by: "venue_no",
    beside: "visit",
    why: "26 GB for fourteen packed days; the same question as visit, on the same shard",
  },
  visit_by_person: {
    kind: "distributed",
    by: "bucket",
    why: "26 GB for fourteen packed days; where somebody was is asked of the shard of their bucket",
  },
  person: {
    kind: "distributed",
    by: "id",
    why: "100 million rows; every other table knows people by their id",
  },
  sample: {
    kind: "distributed",
    by: "person_id",
    beside: "person",
    why: "50 million rows a day, 580 a second and 2,100 in the evening; what became of a person's swabs is on their shard",
  },
  absence: {
    kind: "distributed",
    by: "person_id",
    beside: "person",
    why: "a million rows a round; who is missing is person without sample and absence, shard by shard",
  },
  person_control: {
    kind: "distributed",
    by: "person_id",
    beside: "person",
    why: "a row for everybody a zone closes in, a million at once for a county; read for people by their id",
  },
  tube: local(
    "5 million rows a day are 58 inserts and as many results a second, 210 in the evening, in batches; its keys, its barcode and its box are looked up together",
  ),
  box: local("100,000 rows a day at 50 tubes a box, one a second"),
  coverage: local(
    "60,000 villages a round; an upload of 50 people moves some rows, 15 updates a second and 54 in the evening, and its checks compare counters of one row",
  ),
  hold: local(
    "50,000 rows a day if a tube in a thousand is positive, under one a second; a hold and its case commit together",
  ),
  positive_tube: local("5,000 rows a day; its holds refer to it"),
  contact: local(
    "a million rows in an outbreak, under one a second; its states and counts are read by area, not by person",
  ),
  exposure: local("ten a contact, ten million rows, four a second while contacts are identified"),
  task: local("300,000 rows a day, 3.5 a second, a few changes each; read by area, team and deadline"),
  event: local("3 million rows a day, 35 a second; its order is one sequence, and the live screens follow it"),
  audit: local("3 million rows a day, 35 a second; its blocks are hashed in one order"),
  idempotency: local("3 million keys a day, claimed and answered in the writing transaction"),
  person_alias: local(
    "100 million rows for a second register, written when it is read in; its key is a register's number, not a person",
  ),
  household: local("35 million rows, written when a register is read in; read by their ids, a few at a time"),
  person_entry: local(
    "the rows of registers, a hundred million for one of everybody; matching compares them with the people of a county",
  ),
  person_link: local("whom each of them was found to be: as many rows, looked up by the entry and by the person"),
  person_open: local("those that were found to be nobody; somebody who registers later finds them by four keys"),
};

function local(why: string): Placement {
  return { kind: "local", why };
}

const keeper = "who may enter, what each has read and what is set; a few writes a second";
const desk = "written by people at desks, doors and sites: some thousands of rows a day, read by area";
const figures = "figures and documents of an outbreak: some thousands of rows in all";

const small: readonly { readonly why: string; readonly tables: readonly string[] }[] = [
  {
    why: keeper,
    tables: ["account", "api_token", "notice_read", "notice_seen", "rate_window", "saved_view", "session", "setting"],
  },
  {
    why: "kept by the one database that takes the writes",
    tables: [
      "audit_block",
      "audit_tally",
      "city_load",
      "city_load_chunk",
      "database_size",
      "drill_run",
      "migration",
      "tick",
      "visit_seal",
    ],
  },
  {
    why: "areas, venues and laboratories: hundreds of thousands of rows that hardly change",
    tables: ["area", "area_control", "area_version", "grid", "grid_household", "lab", "site", "venue"],
  },
  {
    why: "registers as a whole, and their counts by village: a row a village and register, moved when entries are matched",
    tables: [
      "person_arrival",
      "person_candidate",
      "person_count",
      "person_counted",
      "person_entry_count",
      "person_link_run",
      "person_register",
    ],
  },
  {
    why: "rounds and what is counted in them: thousands of rows",
    tables: [
      "box_discrepancy",
      "isolated_person",
      "reconciliation",
      "reconciliation_difference",
      "round",
      "round_find",
      "sample_trace",
    ],
  },
  {
    why: "cases and what follows from them: tens of thousands of rows that commit together",
    tables: [
      "case_counter",
      "case_link",
      "case_record",
      "contact_handover",
      "investigation",
      "outbreak",
      "outbreak_protocol",
      "outbreak_stage",
      "reclassification",
      "track",
      "zone",
      "zone_case",
      "zone_level",
    ],
  },
  {
    why: "rooms, beds and orders: the database refuses what is held twice, which it can on one machine alone",
    tables: [
      "bed",
      "care_request",
      "homecoming",
      "isolation_counter",
      "isolation_floor",
      "isolation_order",
      "isolation_site",
      "order_contact",
      "room",
      "site_check",
      "site_duty",
      "site_life_event",
      "site_log",
      "site_staff",
      "site_staff_test",
      "stay",
      "test_due",
      "transfer",
      "transfer_person",
    ],
  },
  {
    why: desk,
    tables: [
      "door_item",
      "door_list",
      "grid_watch",
      "grid_worker",
      "hard_to_reach",
      "household_need",
      "inbound_checkpoint",
      "inbound_declaration",
      "inbound_escort",
      "inbound_goods",
      "inbound_letter",
      "inbound_letter_person",
      "inbound_pass",
      "inbound_post",
      "inbound_region",
      "inbound_shift",
      "inbound_worker",
      "inbound_worker_test",
      "inspection_checklist",
      "inspection_finding",
      "inspection_photo",
      "inspection_place",
      "inspection_route",
      "inspection_sanction",
      "inspection_team",
      "inspection_visit",
      "lane",
      "outreach",
      "probe_alert",
      "probe_count",
      "probe_signal",
      "probe_unit",
      "resident_request",
      "street_round",
      "supply_alert",
      "supply_allocation",
      "supply_balance",
      "supply_count",
      "supply_day",
      "supply_delivery",
      "supply_delivery_line",
      "supply_delivery_lot",
      "supply_dispatch",
      "supply_donation",
      "supply_item",
      "supply_lot",
      "supply_movement",
      "supply_request",
      "supply_request_line",
      "supply_warehouse",
      "team",
      "team_call_up",
      "team_call_up_count",
      "team_count",
      "team_exposure",
      "team_member",
      "team_need",
      "team_post",
      "team_shift",
      "team_volunteer",
    ],
  },
  {
    why: figures,
    tables: [
      "briefing",
      "briefing_minutes",
      "decision",
      "decision_withdrawal",
      "directive",
      "directive_relay",
      "figure_freeze",
      "figure_ledger",
      "frozen_figure",
      "phase_entry",
      "phase_measure",
      "publication",
      "real_series",
      "reopening_batch",
      "reopening_step",
      "rumour",
    ],
  },
];

/** Every table of migrations/schema.sql; a test fails on one that is missing. */
export const placements: Readonly<Record<string, Placement>> = {
  ...large,
  ...Object.fromEntries(small.flatMap(({ why, tables }) => tables.map((name) => [name, local(why)]))),
};
