import type { ResultedTube } from "#domain/screening";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { addDays, dayOf, type Day, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { announce } from "./announce.service.ts";
import type { DueTest } from "./isolation.model.ts";
import { orderCase } from "./orders.service.ts";
import { ordersByIds, setClinical, type ClinicalRow, type OrderRow } from "./orders.store.ts";
import {
  dueRows,
  insertCalendar,
  lastTests,
  linkSamples,
  reopenTests,
  writeResults,
  type SampleLink,
  type TestResult,
  type WrittenResult,
} from "./tests.store.ts";
import { testPasses } from "./release.rules.ts";

/** The test calendar at work: who is due, what was sampled, what came back. */

const read = "isolation.read";
const sample = "isolation.test.write";
const clinical = "isolation.clinical.write";
const dueLimitDefault = 5_000;

export interface DueTests {
  /** Today in the outbreak's zone when absent. */
  readonly day?: Day;
  readonly areaCode?: string;
  readonly siteId?: string;
  /** Contacts when absent; patients are tested by their hospital. */
  readonly category?: "contact" | "case";
  readonly limit?: number;
  /** The last person id of the page before. */
  readonly after?: number;
}

/** Who must be sampled by the day, one row a person, missed tests included and marked. */
export const dueTests = useCase(
  {
    name: "isolation.dueTests",
    permission: read,
    kind: "read",
    area: (input: DueTests, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<{ items: DueTest[] }> => {
    if ((input.limit ?? 0) > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
    const day = input.day ?? dayOf(tx.now, (await currentOutbreak(tx)).timeZone);
    const { siteId, category, after } = input;
    return {
      items: await dueRows(tx, {
        day,
        areaCode: input.areaCode ?? tx.actor.areaCode,
        limit: input.limit ?? dueLimitDefault,
        ...(siteId === undefined ? {} : { siteId }),
        ...(category === undefined ? {} : { category }),
        ...(after === undefined ? {} : { after }),
      }),
    };
  },
);

/** Says that samples were taken, so that nobody is called twice while the tubes are under way. */
export const recordTestSampling = useCase(
  { name: "isolation.recordTestSampling", permission: sample, kind: "write" },
  async (tx, input: { samples: readonly SampleLink[] }): Promise<{ linked: number }> => {
    if (input.samples.length > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
    const outbreak = await currentOutbreak(tx);
    return { linked: await linkSamples(tx, dayOf(tx.now, outbreak.timeZone), input.samples) };
  },
);

/** Puts the laboratory's quarantine results into the calendar. spec: ISO-14 */
export async function takeResults(tx: Tx, tubes: readonly ResultedTube[]): Promise<void> {
  const own = tubes.filter((tube) => tube.purpose === "quarantine");
  if (own.length === 0) return;
  const outbreak = await currentOutbreak(tx);
  const unclear = own.filter(
    (tube) => tube.result !== "negative" && tube.result !== "positive" && tube.step === "resample",
  );
  if (unclear.length > 0)
    await reopenTests(
      tx,
      unclear.map((tube) => tube.tubeId),
      unclear.flatMap((tube) => [...tube.personIds]),
    );
  const rows = own.flatMap((tube) => {
    const { result } = tube;
    if (result !== "negative" && result !== "positive") return [];
    return tube.personIds.map((personId): TestResult => ({
      personId,
      tubeId: tube.tubeId,
      result,
      ctN: tube.ctN,
      ctOrf: tube.ctOrf,
      sampledAt: tube.collectedAt,
      sampledDay: dayOf(tube.collectedAt, outbreak.timeZone),
    }));
  });
  await store(tx, outbreak, rows);
}

async function store(tx: Tx, outbreak: Outbreak, rows: readonly TestResult[]): Promise<void> {
  if (rows.length === 0) return;
  const written = await writeResults(tx, rows);
  const ids = [...new Set(written.map((row) => row.orderId))];
  const orders = new Map((await ordersByIds(tx, ids)).map((order) => [order.id, order]));
  const inCare = [...orders.values()].filter((order) => order.mode === "hospital" || order.mode === "fangcang");
  const inCareIds = inCare.map((order) => order.id);
  await nextExitTests(tx, outbreak, inCareIds);
  const positive = written.filter((row) => row.result === "positive").toSorted((a, b) => a.personId - b.personId);
  const areaCodes = positive.flatMap((row) => orders.get(row.orderId)?.areaCode ?? []);
  await announce(tx, outbreak, "isolation.testPositive", areaCodes, {
    tests: positive.map((row) => ({
      personId: row.personId,
      orderId: row.orderId,
      contactId: orders.get(row.orderId)?.contactId ?? null,
      testNo: row.testNo ?? 0,
    })),
  });
  for (const row of positive) {
    const order = orders.get(row.orderId);
    if (order) await readmit(tx, outbreak, order, row);
  }
}

/** Who tests positive below the exit's Ct after discharge goes back to hospital. spec: ISO-21, EXIT-HOME (domain.md §1.4) */
async function readmit(tx: Tx, outbreak: Outbreak, order: OrderRow, test: WrittenResult): Promise<void> {
  const { exit } = outbreak.protocol;
  if (order.planClass !== exit.afterwards || order.caseId === null || order.state !== "active") return;
  if (testPasses(exit, { result: "positive", sampledAt: tx.now, ctN: test.ctN, ctOrf: test.ctOrf })) return;
  const { caseId, personId, areaCode } = order;
  await orderCase(tx, { caseId, personId, areaCode, positiveAt: tx.now });
}

/** A patient is tested daily from the first exit test on, until he leaves. */
async function nextExitTests(tx: Tx, outbreak: Outbreak, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const today = dayOf(tx.now, outbreak.timeZone);
  const patients = (await lastTests(tx, orderIds)).filter((row) => row.open === 0);
  await insertCalendar(
    tx,
    patients.map((row) => ({
      orderId: row.orderId,
      segment: row.segment,
      dayNo: row.dayNo + 1,
      dueDay: addDays(row.dueDay > today ? row.dueDay : today, 1),
    })),
  );
}

export interface ExitTest {
  readonly personId: number;
  readonly result: "negative" | "positive";
  readonly ctN?: number | null;
  readonly ctOrf?: number | null;
  readonly sampledAt?: Instant;
}

/** Results of the hospital's own laboratory for patients. spec: EXIT-1 (domain.md §1.5) */
export const recordExitTests = useCase(
  { name: "isolation.recordExitTests", permission: clinical, kind: "write" },
  async (tx, input: { tests: readonly ExitTest[] }): Promise<{ taken: number }> => {
    if (input.tests.length > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
    const outbreak = await currentOutbreak(tx);
    const rows = input.tests.map((test): TestResult => {
      const sampledAt = test.sampledAt ?? tx.now;
      return {
        personId: test.personId,
        tubeId: null,
        result: test.result,
        ctN: test.ctN ?? null,
        ctOrf: test.ctOrf ?? null,
        sampledAt,
        sampledDay: dayOf(sampledAt, outbreak.timeZone),
      };
    });
    await store(tx, outbreak, rows);
    return { taken: rows.length };
  },
);

/** What the doctors see: symptoms, the first day without fever, and the conditions met. spec: EXIT-2 (domain.md §1.5) */
export const recordClinical = useCase(
  { name: "isolation.recordClinical", permission: clinical, kind: "write" },
  async (tx, input: { rows: readonly ClinicalRow[] }): Promise<{ changed: number }> => {
    if (input.rows.length > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
    return { changed: await setClinical(tx, input.rows) };
  },
);
