import type { Provenance } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import type { Outcome } from "./cases.model.ts";

/** A case of another register, ready to be stored. */
export interface ImportedCase {
  readonly id: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly state: "suspect" | "confirmed" | "asymptomatic";
  readonly number: number;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly severity: string | null;
  readonly provenance: Provenance;
  readonly inCommunity: boolean;
  readonly ref: string;
  readonly age: number | null;
  readonly cluster: string | null;
  readonly sampledAt: string | null;
  readonly positiveAt: string;
  readonly onsetAt: string | null;
  readonly diagnosedAt: string;
  readonly quarantinedAt: string | null;
  readonly admittedAt: string | null;
  readonly controlAt: string | null;
  readonly outcome: Outcome;
  readonly outcomeAt: string | null;
}

/** Stores imported cases in one statement; they were reported elsewhere, so no report clock runs. */
export async function insertImported(
  tx: Tx,
  outbreakId: string,
  protocolVersion: string,
  rows: readonly ImportedCase[],
): Promise<void> {
  await tx.sql.run(
    `insert into case_record (id, outbreak_id, person_id, area_code, state, number, title_zh, title_en, severity, rule_id, provenance,
       in_community, source, ref, age, cluster, sampled_at, positive_at, onset_at, diagnosed_at, quarantined_at, admitted_at, control_at,
       outcome, outcome_at, protocol_version, created_at)
     select id, $2, "personId", "areaCode", state, number, "titleZh", "titleEn", severity, 'CASE-15', provenance, "inCommunity", 'import',
       ref, age, cluster, "sampledAt", "positiveAt", "onsetAt", "diagnosedAt", "quarantinedAt", "admittedAt", "controlAt", outcome,
       "outcomeAt", $3, $4
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "personId" bigint, "areaCode" text, state text, number integer, "titleZh" text,
       "titleEn" text, severity text, provenance text, "inCommunity" boolean, ref text, age smallint, cluster text,
       "sampledAt" timestamptz, "positiveAt" timestamptz, "onsetAt" timestamptz, "diagnosedAt" timestamptz, "quarantinedAt" timestamptz,
       "admittedAt" timestamptz, "controlAt" timestamptz, outcome text, "outcomeAt" timestamptz)`,
    [JSON.stringify(rows), outbreakId, protocolVersion, tx.now],
  );
}

/** Links infectees to their infectors in one statement. */
export async function linkMany(tx: Tx, links: readonly { infectee: string; infector: string }[]): Promise<void> {
  await tx.sql.run(
    `update case_record set infector_case_id = new.infector
     from unnest($1::uuid[], $2::uuid[]) as new (infectee, infector) where case_record.id = new.infectee`,
    [links.map((link) => link.infectee), links.map((link) => link.infector)],
  );
}
