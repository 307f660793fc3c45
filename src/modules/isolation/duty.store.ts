import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { DutyRole, DutyRow } from "./life.model.ts";

/** SQL of a site's posts: who answers for it, who is stationed there, who leads its groups. */

const columns = `d.id, d.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", d.area_code as "areaCode", d.role, d.name,
  d.phone_enc is not null as "hasPhone", d.from_at as "fromAt", d.to_at as "toAt"`;
const perSiteMax = 200;

export async function dutiesOf(tx: Tx, siteId: string): Promise<DutyRow[]> {
  return tx.sql.many<DutyRow>(
    `select ${columns} from site_duty d join isolation_site s on s.id = d.site_id
     where d.site_id = $1 order by d.to_at is not null, d.role, d.from_at desc, d.id limit ${perSiteMax}`,
    [siteId],
  );
}

export interface DutyQuery {
  readonly areaCode?: string;
  readonly role?: DutyRole;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageDuties(tx: Tx, query: DutyQuery): Promise<Page<DutyRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<DutyRow>(
    `select ${columns} from site_duty d join isolation_site s on s.id = d.site_id
     where d.area_code >= $1 and d.area_code < $2 and d.to_at is null and ($3::text is null or d.role = $3)
       and ($4::text is null or (d.area_code, d.from_at, d.id::text) > ($4::text, $5::timestamptz, $6::text))
     order by d.area_code, d.from_at, d.id::text limit $7`,
    [lo, hi, query.role ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.fromAt, row.id]);
}

export interface NewDuty {
  readonly id: string;
  readonly siteId: string;
  readonly role: DutyRole;
  readonly name: string;
  readonly phoneEnc: Buffer | null;
  readonly phoneHash: Buffer | null;
}

/** Names people for posts; who held one before is relieved. */
export async function insertDuties(tx: Tx, duties: readonly NewDuty[]): Promise<void> {
  const sites = duties.map((duty) => duty.siteId);
  const roles = duties.map((duty) => duty.role);
  await tx.sql.run(
    `update site_duty d set to_at = $3 from unnest($1::uuid[], $2::text[]) n (site_id, role)
     where d.site_id = n.site_id and d.role = n.role and d.to_at is null`,
    [sites, roles, tx.now],
  );
  await tx.sql.run(
    `insert into site_duty (id, site_id, area_code, role, name, phone_enc, phone_hash, from_at, named_by)
     select n.id, s.id, s.area_code, n.role, n.name, n.phone_enc, n.phone_hash, $7, $8
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) n (id, site_id, role, name, phone_enc, phone_hash)
     join isolation_site s on s.id = n.site_id`,
    [
      duties.map((duty) => duty.id),
      sites,
      roles,
      duties.map((duty) => duty.name),
      duties.map((duty) => duty.phoneEnc),
      duties.map((duty) => duty.phoneHash),
      tx.now,
      tx.actor.id,
    ],
  );
}

/** Sites at which one person would be leader and officer at once, by name and number. */
export async function sitesWithOneForBoth(tx: Tx, siteIds: readonly string[]): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    `select l.site_id as id from site_duty l join site_duty o on o.site_id = l.site_id and o.role = 'disciplineOfficer' and o.to_at is null
     where l.site_id = any($1::uuid[]) and l.role = 'countyLeader' and l.to_at is null
       and (l.phone_hash = o.phone_hash or (l.name = o.name and (l.phone_hash is null or o.phone_hash is null)))`,
    [siteIds],
  );
  return rows.map((row) => row.id);
}

export async function sealedPhone(
  tx: Tx,
  id: string,
): Promise<{ areaCode: string; name: string; role: DutyRole; phoneEnc: Buffer | null } | undefined> {
  return tx.sql.maybe(
    `select area_code as "areaCode", name, role, phone_enc as "phoneEnc" from site_duty where id = $1`,
    [id],
  );
}

/** The posts of a site end with it. */
export async function endDuties(tx: Tx, siteId: string): Promise<void> {
  await tx.sql.run("update site_duty set to_at = $2 where site_id = $1 and to_at is null", [siteId, tx.now]);
}
