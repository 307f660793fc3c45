import { isWithin, type AreaCode } from "#kernel/area";
import { ok, refuse, type Result } from "#kernel/result";
import type { DeliveryState, RequestState } from "./supplies.model.ts";

export type RequestAction = "decide" | "allocate" | "dispatch" | "receive" | "settle";

const requestFrom: Readonly<Record<RequestAction, readonly RequestState[]>> = {
  decide: ["asked"],
  allocate: ["approved", "partly"],
  dispatch: ["allocated"],
  receive: ["dispatched"],
  settle: ["received"],
};

/** May the action be taken in this state? */
export function mayActOn(state: RequestState, action: RequestAction): Result<true> {
  // spec: SUP-7
  return requestFrom[action].includes(state) ? ok(true) : refuse("state.notAllowed", { state });
}

/** May these two areas be the ends of a request? */
export function requestEnds(areaCode: AreaCode, source: AreaCode): Result<true> {
  // spec: SUP-8
  if (areaCode === source || isWithin(source, areaCode))
    return refuse("rule.refused", {
      rule: "SUP-8",
      why: "ask an area above or a neighbour, not your own / 应向上级或其他地区申请",
    });
  return ok(true);
}

export interface Granted {
  readonly state: "approved" | "partly" | "refused";
  readonly approved: ReadonlyMap<string, number>;
}

/** What a decision comes to: everything, a part with its reason, or nothing with its reason. */
export function decided(
  asked: ReadonlyMap<string, number>,
  granted: ReadonlyMap<string, number>,
  by: { readonly askedBy: string; readonly decidedBy: string; readonly decision: string },
): Result<Granted> {
  // spec: SUP-9
  if (by.askedBy === by.decidedBy)
    return refuse("rule.refused", { rule: "SUP-9", why: "another person decides / 须由他人审批" });
  for (const [item, quantity] of granted)
    if (quantity > (asked.get(item) ?? 0))
      return refuse("rule.refused", { rule: "SUP-9", why: `more than asked of ${item} / ${item} 超过申请数量` });
  const approved = new Map([...asked.keys()].map((item) => [item, granted.get(item) ?? 0]));
  const nothing = [...approved.values()].every((quantity) => quantity === 0);
  const whole = [...approved].every(([item, quantity]) => quantity === asked.get(item));
  if (!whole && by.decision === "")
    return refuse("rule.refused", { rule: "SUP-9", why: "say why less is granted / 请说明核减原因" });
  return ok({ state: nothing ? "refused" : whole ? "approved" : "partly", approved });
}

export type DeliveryAction = "send" | "confirm" | "return" | "refuse";

const deliveryFrom: Readonly<Record<DeliveryAction, DeliveryState>> = {
  send: "asked",
  confirm: "sent",
  return: "sent",
  refuse: "asked",
};

/** May a delivery take this step? */
export function mayDeliver(state: DeliveryState, action: DeliveryAction): Result<true> {
  // spec: SUP-12
  return deliveryFrom[action] === state ? ok(true) : refuse("state.notAllowed", { state });
}
