import { addDays, dayOf } from "#kernel/time";
import { diagnoseCase, reportPreliminary, reportStatutory } from "#modules/cases";
import { dueTests, listOrders, recordClinical, recordExitTests, release } from "#modules/isolation";
import { normalDraw } from "#sim/draws";
import { personIndexOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";

interface CaseFound {
  readonly caseId: string;
  readonly personId: number;
}

const feverDaysMean = 3;
const feverDaysSd = 1;
const pageMax = 200;
const ctSpread = 0.7;

/** The expert group examines the patient and classifies the case by what they find. */
async function diagnose(hand: Hand, item: DrillItem): Promise<void> {
  const { caseId, personId } = item.data as CaseFound;
  const ill = hand.engine.reportLabel(personIndexOf(personId)) === "confirmed";
  const facts: Record<string, boolean> = { natPositive: true, epiHistory: true, vaccinated: true };
  if (ill) Object.assign(facts, { feverOrRespiratory: true, imagingFeatures: true, bloodCount: true });
  // A disease whose protocol does not know these facts ignores them.
  const known = new Set(hand.protocol.cases.facts.map((fact) => fact.id));
  for (const fact of known)
    if (!(fact in facts) && ill && hand.protocol.cases.facts.some((row) => row.id === fact && row.group === "clinical"))
      facts[fact] = true;
  for (const fact of known)
    if (hand.protocol.cases.facts.some((row) => row.id === fact && row.group === "laboratory")) facts[fact] = true;
  await diagnoseCase(hand.ctx("cdc", "", `diagnose ${item.key}`), {
    caseId,
    facts: Object.fromEntries(Object.entries(facts).filter(([fact]) => known.has(fact))),
    ...(ill ? { onsetAt: hand.now } : {}),
  });
  hand.after(hand.delay(hand.scenario.clinic.report, "report", item.key), "medical.report", item.key, {
    caseId,
    personId,
  } satisfies CaseFound);
}

async function tellPreliminary(hand: Hand, item: DrillItem): Promise<void> {
  const { caseId } = item.data as CaseFound;
  await reportPreliminary(hand.ctx("cdc", "", `preliminary ${item.key}`), { caseId });
}

async function report(hand: Hand, item: DrillItem): Promise<void> {
  const { caseId } = item.data as CaseFound;
  await reportStatutory(hand.ctx("cdc", "", `report ${item.key}`), { caseId });
}

/** Patients are tested every morning from the first day the plan asks for; the doctors note how they are. */
async function hospitalDay(hand: Hand, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute("09:00", 1), "medical.day", nextDayKey(item.key));
  const ctx = (what: string) => hand.ctx("medical", hand.scenario.areaCode, `${what} ${item.key}`);
  await noteClinical(hand, ctx);
  const { items } = await dueTests(ctx("due"), { category: "case", areaCode: hand.scenario.areaCode });
  const tests = items.map((row) => {
    const ct = hand.engine.ctAt(personIndexOf(row.personId), hand.minute);
    if (ct === null) return { personId: row.personId, result: "negative" as const };
    const ctN =
      Math.round((ct + normalDraw(hand.seed, "exitCt", `${row.personId} ${item.key}`, 0, ctSpread)) * 10) / 10;
    const cutoff = hand.protocol.ct?.positiveMax ?? Infinity;
    return {
      personId: row.personId,
      result: ctN > cutoff ? ("negative" as const) : ("positive" as const),
      ctN,
      ctOrf: Math.round((ctN + 0.8) * 10) / 10,
    };
  });
  if (tests.length > 0) await recordExitTests(ctx("exitTests"), { tests });
  const outcome = await release(hand.ctx("isolationManager", hand.scenario.areaCode, `release ${item.key}`), {});
  hand.count("released", outcome.released);
  hand.count("discharged", outcome.discharged);
}

/** Keys of daily items name their day, so that no two are alike. */
function nextDayKey(key: string): string {
  return addDays(key, 1);
}

/** Symptoms, and the first day without fever, of the patients in the wards. */
async function noteClinical(hand: Hand, ctx: (what: string) => ReturnType<Hand["ctx"]>): Promise<void> {
  const today = dayOf(hand.now, hand.scenario.timeZone);
  const required = hand.protocol.exit.symptomatic.requires;
  for (const mode of ["hospital", "fangcang"] as const) {
    let cursor: string | undefined;
    do {
      const page = await listOrders(ctx(`orders ${mode} ${cursor ?? ""}`), {
        mode,
        state: "active",
        limit: pageMax,
        ...(cursor ? { cursor } : {}),
      });
      const rows = page.items.map((order) => {
        const person = personIndexOf(order.personId);
        const symptomatic = hand.engine.reportLabel(person) === "confirmed";
        const feverDays = Math.max(
          1,
          Math.round(normalDraw(hand.seed, "fever", `${person}`, feverDaysMean, feverDaysSd)),
        );
        const freeFrom = addDays(dayOf(order.startAt ?? order.orderedAt, hand.scenario.timeZone), feverDays);
        const well = freeFrom <= today;
        return { orderId: order.id, symptomatic, ...(well ? { feverFreeSince: freeFrom, clinical: required } : {}) };
      });
      if (rows.length > 0) await recordClinical(ctx(`clinical ${mode} ${cursor ?? ""}`), { rows });
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }
}

/** Doctors and the disease-control centre: diagnosis, statutory report, wards, discharge. */
export const medicalActor: DrillActor = {
  name: "medical",
  items: {
    "medical.diagnose": diagnose,
    "medical.preliminary": tellPreliminary,
    "medical.report": report,
    "medical.day": hospitalDay,
  },
  events: {
    "cases.preliminary": (hand, event) => {
      const data = event.data as CaseFound;
      const key = `p${data.personId}`;
      hand.after(hand.delay(hand.scenario.clinic.report, "preliminary", key), "medical.preliminary", key, data);
      hand.after(hand.delay(hand.scenario.clinic.diagnosis, "diagnosis", key), "medical.diagnose", key, data);
    },
  },
  begin: (hand) => hand.at(hand.nextClock("09:00"), "medical.day", hand.dayAt(hand.nextClock("09:00"))),
};
