import type { Norm, NormDriver } from "./supplies.model.ts";
import type { DemandItem, Drivers } from "./requests.model.ts";

/** The work of the days ahead as the modules that plan it give it. */
export interface WorkAhead {
  readonly days: number;
  readonly rounds: number;
  /** People due in one round, tubes and samplers it takes without spoilage. */
  readonly peopleDue: number;
  readonly poolsDue: number;
  readonly samplersDue: number;
  readonly inCentral: number;
  readonly atHome: number;
  readonly residentsUnderControl: number;
}

/** How much work of each kind the days ahead hold. */
export function driversOf(work: WorkAhead): Drivers {
  return {
    personDue: work.peopleDue * work.rounds,
    poolDue: work.poolsDue * work.rounds,
    samplerDue: work.samplersDue * work.rounds,
    centralDay: work.inCentral * work.days,
    homeDay: work.atHome * work.days,
    controlledResidentDay: work.residentsUnderControl * work.days,
  };
}

/** What one norm asks for; a part of a unit is a whole one. */
export function normQuantity(norm: Pick<Norm, "quantity" | "spoilageShare">, count: number): number {
  // spec: SUP-13. Twenty times 1.05 is 21.000000000000004 in floating point, which must not become 22.
  return Math.ceil(Number((count * norm.quantity * (1 + norm.spoilageShare)).toFixed(6)));
}

/** What one item takes, part by part, and what is still missing. */
export function demandOf(
  item: DemandItem,
  drivers: Drivers,
): {
  readonly demand: number;
  readonly gap: number;
  readonly parts: {
    readonly rule: string;
    readonly per: NormDriver;
    readonly count: number;
    readonly quantity: number;
  }[];
} {
  const parts = item.norms.map((norm) => ({
    rule: norm.rule,
    per: norm.per,
    count: drivers[norm.per],
    quantity: normQuantity(norm, drivers[norm.per]),
  }));
  const demand = parts.reduce((sum, part) => sum + part.quantity, 0);
  // spec: SUP-13
  return { demand, gap: Math.max(0, demand - item.onHand - item.onTheWay), parts };
}
