import type { Sql } from "./db.ts";

/** Where a table lies when PostgreSQL is spread over machines by Citus, and why. */
export type Placement =
  | { readonly kind: "distributed"; readonly by: string; readonly beside?: string; readonly why: string }
  | { readonly kind: "reference" | "local"; readonly why: string };

const small = "small beside people and visits, and joined with them: a copy on every machine";
const keeper = "who may enter and what each has read; asked of the coordinator only";

/** Every table of migrations/schema.sql; a test fails on one that is missing. */
export const placements: Readonly<Record<string, Placement>> = {
  absence: {
    kind: "distributed",
    by: "person_id",
    beside: "person",
    why: "excused of a round, beside person and sample",
  },
  account: { kind: "local", why: keeper },
  api_token: { kind: "local", why: keeper },
  area: { kind: "reference", why: small },
  area_control: { kind: "reference", why: small },
  area_version: { kind: "reference", why: small },
  audit: { kind: "local", why: "its blocks are hashed in the order of one machine" },
  audit_block: { kind: "local", why: "beside audit" },
  bed: { kind: "reference", why: small },
  box: { kind: "reference", why: small },
  box_discrepancy: { kind: "reference", why: small },
  briefing: { kind: "reference", why: small },
  briefing_minutes: { kind: "reference", why: small },
  care_request: { kind: "reference", why: small },
  case_counter: { kind: "reference", why: small },
  case_link: { kind: "reference", why: small },
  case_record: { kind: "reference", why: small },
  city_load: { kind: "local", why: "a synthetic city is loaded by one machine" },
  city_load_chunk: { kind: "local", why: "beside city_load" },
  contact: { kind: "reference", why: small },
  contact_handover: { kind: "reference", why: small },
  coverage: { kind: "reference", why: small },
  database_size: { kind: "local", why: "the coordinator's own size" },
  decision: { kind: "reference", why: small },
  decision_withdrawal: { kind: "reference", why: small },
  directive: { kind: "reference", why: small },
  directive_relay: { kind: "reference", why: small },
  door_item: { kind: "reference", why: small },
  door_list: { kind: "reference", why: small },
  drill_run: { kind: "local", why: "a drill runs on one machine" },
  event: { kind: "local", why: "grows at its end and has an identity and a trigger; one machine takes it" },
  exposure: { kind: "reference", why: small },
  figure_freeze: { kind: "reference", why: small },
  figure_ledger: { kind: "reference", why: small },
  frozen_figure: { kind: "reference", why: small },
  grid: { kind: "reference", why: small },
  grid_household: { kind: "reference", why: small },
  grid_watch: { kind: "reference", why: small },
  grid_worker: { kind: "reference", why: small },
  hard_to_reach: { kind: "reference", why: small },
  hold: { kind: "reference", why: small },
  homecoming: { kind: "reference", why: small },
  household: { kind: "reference", why: small },
  household_need: { kind: "reference", why: small },
  idempotency: { kind: "local", why: "claimed and answered in the writing transaction on the coordinator" },
  inbound_checkpoint: { kind: "reference", why: small },
  inbound_declaration: { kind: "reference", why: small },
  inbound_escort: { kind: "reference", why: small },
  inbound_goods: { kind: "reference", why: small },
  inbound_letter: { kind: "reference", why: small },
  inbound_letter_person: { kind: "reference", why: small },
  inbound_pass: { kind: "reference", why: small },
  inbound_post: { kind: "reference", why: small },
  inbound_region: { kind: "reference", why: small },
  inbound_shift: { kind: "reference", why: small },
  inbound_worker: { kind: "reference", why: small },
  inbound_worker_test: { kind: "reference", why: small },
  inspection_checklist: { kind: "reference", why: small },
  inspection_finding: { kind: "reference", why: small },
  inspection_photo: { kind: "reference", why: small },
  inspection_place: { kind: "reference", why: small },
  inspection_route: { kind: "reference", why: small },
  inspection_sanction: { kind: "reference", why: small },
  inspection_team: { kind: "reference", why: small },
  inspection_visit: { kind: "reference", why: small },
  investigation: { kind: "reference", why: small },
  isolated_person: { kind: "reference", why: small },
  isolation_counter: { kind: "reference", why: small },
  isolation_floor: { kind: "reference", why: small },
  isolation_order: { kind: "reference", why: small },
  isolation_site: { kind: "reference", why: small },
  lab: { kind: "reference", why: small },
  lane: { kind: "reference", why: small },
  migration: { kind: "local", why: "what was applied to the coordinator" },
  notice_read: { kind: "local", why: keeper },
  notice_seen: { kind: "local", why: keeper },
  order_contact: { kind: "reference", why: small },
  outbreak: { kind: "reference", why: small },
  outbreak_protocol: { kind: "reference", why: small },
  outbreak_stage: { kind: "reference", why: small },
  outreach: { kind: "reference", why: small },
  person: { kind: "distributed", by: "id", why: "the largest register; joined with samples by person" },
  person_alias: { kind: "reference", why: small },
  person_arrival: { kind: "local", why: "a list that one process works off; the coordinator keeps it" },
  person_candidate: { kind: "reference", why: small },
  person_control: { kind: "distributed", by: "person_id", beside: "person", why: "beside its person" },
  person_count: { kind: "reference", why: small },
  person_counted: { kind: "reference", why: small },
  person_entry: { kind: "reference", why: small },
  person_entry_count: { kind: "reference", why: small },
  person_link: { kind: "reference", why: small },
  person_link_run: { kind: "local", why: "row and advisory locks choose one process; the coordinator keeps them" },
  person_open: { kind: "reference", why: small },
  person_register: { kind: "reference", why: small },
  phase_entry: { kind: "reference", why: small },
  phase_measure: { kind: "reference", why: small },
  positive_tube: { kind: "reference", why: small },
  probe_alert: { kind: "reference", why: small },
  probe_count: { kind: "reference", why: small },
  probe_signal: { kind: "reference", why: small },
  probe_unit: { kind: "reference", why: small },
  publication: { kind: "reference", why: small },
  rate_window: { kind: "local", why: "unlogged counts of a minute" },
  real_series: { kind: "reference", why: small },
  reclassification: { kind: "reference", why: small },
  reconciliation: { kind: "reference", why: small },
  reconciliation_difference: { kind: "reference", why: small },
  reopening_batch: { kind: "reference", why: small },
  reopening_step: { kind: "reference", why: small },
  resident_request: { kind: "reference", why: small },
  room: { kind: "reference", why: small },
  round: { kind: "reference", why: small },
  round_find: { kind: "reference", why: small },
  rumour: { kind: "reference", why: small },
  sample: {
    kind: "distributed",
    by: "person_id",
    beside: "person",
    why: "coverage joins it with person, shard by shard",
  },
  sample_trace: { kind: "reference", why: small },
  saved_view: { kind: "local", why: keeper },
  session: { kind: "local", why: keeper },
  setting: { kind: "local", why: "small and asked of the coordinator only" },
  site: { kind: "reference", why: small },
  site_check: { kind: "reference", why: small },
  site_duty: { kind: "reference", why: small },
  site_life_event: { kind: "reference", why: small },
  site_log: { kind: "reference", why: small },
  site_staff: { kind: "reference", why: small },
  site_staff_test: { kind: "reference", why: small },
  stay: { kind: "reference", why: small },
  street_round: { kind: "reference", why: small },
  supply_alert: { kind: "reference", why: small },
  supply_allocation: { kind: "reference", why: small },
  supply_balance: { kind: "reference", why: small },
  supply_count: { kind: "reference", why: small },
  supply_day: { kind: "reference", why: small },
  supply_delivery: { kind: "reference", why: small },
  supply_delivery_line: { kind: "reference", why: small },
  supply_delivery_lot: { kind: "reference", why: small },
  supply_dispatch: { kind: "reference", why: small },
  supply_donation: { kind: "reference", why: small },
  supply_item: { kind: "reference", why: small },
  supply_lot: { kind: "reference", why: small },
  supply_movement: { kind: "reference", why: small },
  supply_request: { kind: "reference", why: small },
  supply_request_line: { kind: "reference", why: small },
  supply_warehouse: { kind: "reference", why: small },
  task: { kind: "reference", why: small },
  team: { kind: "reference", why: small },
  team_call_up: { kind: "reference", why: small },
  team_call_up_count: { kind: "reference", why: small },
  team_count: { kind: "reference", why: small },
  team_exposure: { kind: "reference", why: small },
  team_member: { kind: "reference", why: small },
  team_need: { kind: "reference", why: small },
  team_post: { kind: "reference", why: small },
  team_shift: { kind: "reference", why: small },
  team_volunteer: { kind: "reference", why: small },
  test_due: { kind: "reference", why: small },
  tick: { kind: "local", why: "row locks choose one process; the coordinator keeps them" },
  track: { kind: "reference", why: small },
  transfer: { kind: "reference", why: small },
  transfer_person: { kind: "reference", why: small },
  tube: { kind: "reference", why: small },
  venue: { kind: "reference", why: small },
  visit: { kind: "distributed", by: "venue_no", why: "who was at a venue is asked of its shard alone" },
  visit_by_person: {
    kind: "distributed",
    by: "bucket",
    why: "where somebody was is asked of the shard of the bucket alone",
  },
  visit_by_venue: { kind: "distributed", by: "venue_no", why: "beside the rows of the same venue" },
  visit_closing: {
    kind: "distributed",
    by: "venue_no",
    beside: "visit",
    why: "takes over partitions of visit, so it lies as visit does",
  },
  visit_seal: { kind: "local", why: "written by the functions that pack a day on the coordinator" },
  zone: { kind: "reference", why: small },
  zone_case: { kind: "reference", why: small },
  zone_level: { kind: "reference", why: small },
};

/** Reference tables first (others refer to them), then each distributed table after the one it lies beside. */
export function placementStatements(): string[] {
  const all = Object.entries(placements);
  const reference = all.filter(([, { kind }]) => kind === "reference").map(([name]) => referenceText(name));
  const alone: string[] = [];
  const joined: string[] = [];
  for (const [name, place] of all) {
    if (place.kind !== "distributed") continue;
    const beside = place.beside === undefined ? "none" : `public.${place.beside}`;
    const text = `select create_distributed_table('public.${name}', '${place.by}', colocate_with := '${beside}')`;
    (place.beside === undefined ? alone : joined).push(text);
  }
  return [...reference, ...alone, ...joined];
}

function referenceText(name: string): string {
  return `select create_reference_table('public.${name}')`;
}

/** Is Citus loaded into this database? */
export async function hasCitus(sql: Sql): Promise<boolean> {
  return (await sql.maybe("select 1 as one from pg_extension where extname = 'citus'")) !== undefined;
}

/** Spreads the tables; refuses with what to do where Citus is missing, and changes nothing then. */
export async function distribute(sql: Sql): Promise<number> {
  if (!(await hasCitus(sql)))
    throw new Error(
      "The extension citus is not in this database. Install Citus on every machine, «create extension citus», add the workers by citus_add_node, then run this again; --dry-run shows what would be run.",
    );
  const statements = placementStatements();
  for (const text of statements) await sql.script(text);
  return statements.length;
}
