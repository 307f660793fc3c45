import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { rowFault, type ReadRow } from "#kernel/sheet";
import type { Tx } from "#platform/context";
import type { Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { insertDuties, pageDuties, sealedPhone, sitesWithOneForBoth, type DutyQuery } from "./duty.store.ts";
import type { DutyRole } from "./life.model.ts";
import { siteIdsByName } from "./life.store.ts";
import { dutyColumns } from "./sheet.columns.ts";
import { siteAreas } from "./staff.store.ts";

/** Who answers for a site and who is stationed there. */

const siteWrite = "isolation.site.write";
const dutiesMax = 2_000;
const noSite = { "zh-CN": "未找到该隔离点", en: "no such site in this area" };

export interface DutyNamed {
  readonly siteId: string;
  readonly role: DutyRole;
  readonly name: string;
  readonly phone?: string;
}

/** Stores posts of sites the actor may see; refuses one person as leader and officer of a site. spec: ISO-25 */
async function nameAll(tx: Tx, duties: readonly DutyNamed[]): Promise<void> {
  const areas = await siteAreas(tx, [...new Set(duties.map((duty) => duty.siteId))]);
  for (const { siteId } of duties) {
    const area = areas.get(siteId);
    if (area === undefined) throw new ProblemError("record.notFound", { what: "site" });
    if (!isWithin(area, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
  }
  const { secrets } = tx.services;
  // The last of several namings for one post holds.
  const last = new Map(duties.map((duty) => [`${duty.siteId} ${duty.role}`, duty]));
  await insertDuties(
    tx,
    [...last.values()].map(({ siteId, role, name, phone }) => ({
      id: tx.newId(),
      siteId,
      role,
      name,
      phoneEnc: phone === undefined ? null : secrets.seal(phone),
      phoneHash: phone === undefined ? null : secrets.lookupHash(phone),
    })),
  );
  if ((await sitesWithOneForBoth(tx, [...areas.keys()])).length > 0)
    throw new ProblemError("rule.refused", {
      rule: "ISO-25",
      why: "the leader and the discipline officer are two people / 县级领导与纪检干部不得为同一人",
    });
}

/** Names people for the posts of sites, up to 2,000 a call; who held a post before is relieved. */
export const nameDuties = useCase(
  { name: "isolation.nameDuties", permission: siteWrite, kind: "write" },
  async (tx, input: { duties: readonly DutyNamed[] }): Promise<{ named: number }> => {
    if (input.duties.length > dutiesMax) throw new ProblemError("limit.exceeded", { limit: dutiesMax });
    await nameAll(tx, input.duties);
    return { named: input.duties.length };
  },
);

export const listDuties = useCase(
  { name: "isolation.listDuties", permission: "isolation.read", kind: "read" },
  (tx, query: DutyQuery) => pageDuties(tx, query),
);

/** The telephone of a post; for a purpose, and audited. */
export const dutyPhone = useCase(
  { name: "isolation.dutyPhone", permission: "isolation.duty.read", kind: "read", personal: true },
  async (tx, input: { dutyId: string }): Promise<{ name: string; role: DutyRole; phone: string | null }> => {
    const duty = await sealedPhone(tx, input.dutyId);
    if (!duty) throw new ProblemError("record.notFound", { what: "post" });
    const { name, role, phoneEnc } = duty;
    return { name, role, phone: phoneEnc === null ? null : tx.services.secrets.open(phoneEnc) };
  },
);

/** Posts out of a table: each row that names a known site is taken. */
export const importDuties = useCase(
  { name: "isolation.importDuties", permission: siteWrite, kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof dutyColumns>[] }): Promise<Taken> => {
    const sites = await siteIdsByName(
      tx,
      input.rows.map(({ row }) => ({ areaCode: row.areaCode, name: row.site })),
    );
    const good: DutyNamed[] = [];
    const faults = [];
    for (const { line, row } of input.rows) {
      const siteId = sites.get(`${row.areaCode} ${row.site}`);
      if (siteId === undefined) faults.push(rowFault(dutyColumns.site, line, noSite, tx.lang));
      else
        good.push({ siteId, role: row.role, name: row.name, ...(row.phone === undefined ? {} : { phone: row.phone }) });
    }
    if (good.length > 0) await nameAll(tx, good);
    return { taken: good.length, known: 0, faults };
  },
);
