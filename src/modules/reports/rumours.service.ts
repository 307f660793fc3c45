import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { BothTexts, PublicQuery, RecordRumour, Rumour } from "./public.model.ts";
import { privacyFaults, publicDefaults } from "./public.rules.ts";
import {
  countPublic,
  insertRumour,
  lockRumour,
  pageRumours,
  shownRumours,
  updateChecked,
  updateRumourSigned,
  type StoredRumour,
} from "./public.store.ts";

function rumourOf(tx: Tx, stored: StoredRumour): Rumour {
  return { ...stored, late: (stored.signedAt ?? tx.now) > stored.dueAt };
}

async function found(tx: Tx, id: string): Promise<StoredRumour> {
  const stored = await lockRumour(tx, id);
  if (!stored) throw new ProblemError("record.notFound", { what: "rumour" });
  return stored;
}

const areaOf = async ({ id }: { id: string }, tx: Tx) => (await found(tx, id)).areaCode;

/** Writes down what is being said, and by when it must be answered; never who said it. spec: PUB-6 */
export const recordRumour = useCase(
  {
    name: "reports.recordRumour",
    permission: "reports.rumour.write",
    kind: "write",
    area: (input: RecordRumour) => input.areaCode,
  },
  async (tx, input): Promise<Rumour> => {
    const outbreak = await currentOutbreak(tx);
    const rules = outbreak.protocol.publicInformation ?? publicDefaults;
    const id = tx.newId();
    const dueAt = addHours(tx.now, rules.rumourHours);
    await insertRumour(tx, { id, outbreakId: outbreak.id, ...input, dueAt });
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: "answerRumour",
        areaCode: input.areaCode,
        ownerTeam: "publicInfo",
        subjectType: "rumour",
        subjectId: id,
        dueAt,
      },
    ]);
    return rumourOf(tx, await found(tx, id));
  },
);

/** Says what is true of it and by which source. */
export const checkRumour = useCase(
  { name: "reports.checkRumour", permission: "reports.rumour.write", kind: "write", area: areaOf },
  async (tx, { id, ...finding }: { id: string; verdict: string; fact: BothTexts; source: string }): Promise<Rumour> => {
    const stored = await found(tx, id);
    if (stored.state === "published" || stored.state === "closed")
      throw new ProblemError("state.notAllowed", { state: stored.state });
    const faults = privacyFaults(finding.fact, []);
    if (faults.length > 0) throw new ProblemError("rule.refused", { rule: "PUB-2", why: faults.join(", ") });
    await updateChecked(tx, id, finding);
    return rumourOf(tx, await found(tx, id));
  },
);

/** Publishes the fact that answers it; by a second person. spec: PUB-3, PUB-6 */
export const signRumour = useCase(
  { name: "reports.signRumour", permission: "reports.publication.sign", kind: "write", area: areaOf },
  async (tx, { id }: { id: string }): Promise<Rumour> => {
    const stored = await found(tx, id);
    if (stored.state !== "checked") throw new ProblemError("state.notAllowed", { state: stored.state });
    if (stored.checkedBy === tx.actor.id)
      throw new ProblemError("rule.refused", { rule: "PUB-3", why: "a second person signs" });
    await updateRumourSigned(tx, id);
    await completeTasks(tx, { subjectType: "rumour", subjectIds: [id], evidence: { note: "answered in public" } });
    return rumourOf(tx, await found(tx, id));
  },
);

export const listRumours = useCase(
  { name: "reports.listRumours", permission: "reports.rumour.read", kind: "read" },
  async (tx, query: PublicQuery): Promise<Page<Rumour>> => {
    const page = await pageRumours(tx, query);
    return { items: page.items.map((stored) => rumourOf(tx, stored)), next: page.next };
  },
);

const shownMax = 50;

/** The answered rumours anybody may read. */
export const answeredRumours = useCase(
  { name: "reports.answeredRumours", permission: "reports.public.read", kind: "read" },
  async (tx, _input: Record<string, never>): Promise<Rumour[]> =>
    (await shownRumours(tx, shownMax)).map((stored) => rumourOf(tx, stored)),
);

/** How public information stands: what came in, what was answered, what was late. */
export async function publicInformationTally(tx: Tx): Promise<Awaited<ReturnType<typeof countPublic>>> {
  const outbreak = await currentOutbreak(tx);
  return countPublic(tx, outbreak.id);
}
