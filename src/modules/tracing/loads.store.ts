import type { ContactClass } from "#domain/outbreaks";
import type { Tx } from "#platform/context";

/** An invented contact with an id of the caller's choosing. */
export interface BulkContact {
  readonly id: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly caseId: string;
  readonly kind: ContactClass;
  readonly criterionId: string;
  readonly ruleId: string;
  readonly setting: string;
  readonly higherRisk: boolean;
  readonly lastExposureAt: string;
  readonly identifiedAt: string;
  readonly dueAt: string | null;
  readonly placedAt: string | null;
  readonly releasedAt: string | null;
  readonly state: "identified" | "placed" | "released";
}

/** An invented investigation, whose parts are done where a time stands. */
export interface BulkInvestigation {
  readonly id: string;
  readonly caseId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly openedAt: string;
  readonly coreDueAt: string | null;
  readonly coreDoneAt: string | null;
  readonly reportDueAt: string | null;
  readonly reportDoneAt: string | null;
  readonly windowFrom: string;
  readonly windowTo: string;
}

export async function insertManyContacts(tx: Tx, outbreakId: string, rows: readonly BulkContact[]): Promise<void> {
  await tx.sql.run(
    `insert into contact (id, outbreak_id, person_id, area_code, case_id, kind, criterion_id, rule_id, setting, higher_risk, last_exposure_at,
       identified_at, due_at, placed_at, released_at, state, source)
     select id, $2, "personId", "areaCode", "caseId", kind, "criterionId", "ruleId", setting, "higherRisk", "lastExposureAt",
       "identifiedAt", "dueAt", "placedAt", "releasedAt", state, 'tracing'
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "personId" bigint, "areaCode" text, "caseId" uuid, kind text, "criterionId" text,
       "ruleId" text, setting text, "higherRisk" boolean, "lastExposureAt" timestamptz, "identifiedAt" timestamptz, "dueAt" timestamptz,
       "placedAt" timestamptz, "releasedAt" timestamptz, state text)`,
    [JSON.stringify(rows), outbreakId],
  );
}

export async function insertManyInvestigations(
  tx: Tx,
  outbreakId: string,
  rows: readonly BulkInvestigation[],
): Promise<void> {
  await tx.sql.run(
    `insert into investigation (id, outbreak_id, case_id, person_id, area_code, state, opened_at, core_due_at, core_done_at, core_done_by,
       report_due_at, report_done_at, report_done_by, window_from, window_to)
     select id, $2, "caseId", "personId", "areaCode", case when "reportDoneAt" is null then 'open' else 'done' end, "openedAt", "coreDueAt",
       "coreDoneAt", case when "coreDoneAt" is null then null else $3 end, "reportDueAt", "reportDoneAt",
       case when "reportDoneAt" is null then null else $3 end, "windowFrom", "windowTo"
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "caseId" uuid, "personId" bigint, "areaCode" text, "openedAt" timestamptz,
       "coreDueAt" timestamptz, "coreDoneAt" timestamptz, "reportDueAt" timestamptz, "reportDoneAt" timestamptz,
       "windowFrom" timestamptz, "windowTo" timestamptz)`,
    [JSON.stringify(rows), outbreakId, tx.actor.id],
  );
}
