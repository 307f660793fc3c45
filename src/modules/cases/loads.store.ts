import type { Provenance } from "#domain/outbreaks";
import type { Tx } from "#platform/context";

/** An invented case with an id and a number of the caller's choosing. */
export interface BulkCase {
  readonly id: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly state: "confirmed" | "asymptomatic";
  readonly number: number;
  readonly provenance: Provenance;
  readonly onsetAt: string | null;
  readonly sampledAt: string;
  readonly positiveAt: string;
  readonly diagnosedAt: string;
  readonly reportDueAt: string | null;
  readonly reportedAt: string;
  readonly controlAt: string;
  readonly infectorCaseId: string | null;
}

/** A case ready to be stored, with what the protocol makes of it. */
export interface LoadedCase extends BulkCase {
  readonly titleZh: string;
  readonly titleEn: string;
  readonly inCommunity: boolean;
}

/** Stores many cases in one statement; an infector is stored before or with whom they infected. */
export async function insertCases(
  tx: Tx,
  outbreakId: string,
  protocolVersion: string,
  rows: readonly LoadedCase[],
): Promise<void> {
  await tx.sql.run(
    `insert into case_record (id, outbreak_id, person_id, area_code, state, number, title_zh, title_en, rule_id, provenance, in_community,
       source, sampled_at, positive_at, onset_at, diagnosed_at, report_due_at, reported_at, control_at, infector_case_id,
       protocol_version, created_at)
     select id, $2, "personId", "areaCode", state, number, "titleZh", "titleEn", 'CASE-15', provenance, "inCommunity",
       'clinic', "sampledAt", "positiveAt", "onsetAt", "diagnosedAt", "reportDueAt", "reportedAt", "controlAt", "infectorCaseId",
       $3, "positiveAt"
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "personId" bigint, "areaCode" text, state text, number integer, "titleZh" text,
       "titleEn" text, provenance text, "inCommunity" boolean, "sampledAt" timestamptz, "positiveAt" timestamptz, "onsetAt" timestamptz,
       "diagnosedAt" timestamptz, "reportDueAt" timestamptz, "reportedAt" timestamptz, "controlAt" timestamptz, "infectorCaseId" uuid)`,
    [JSON.stringify(rows), outbreakId, protocolVersion],
  );
}
