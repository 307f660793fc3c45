import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addMinutes, dayOf } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { gradeStays, inboundRules } from "./arrivals.service.ts";
import type { Goods, GoodsQuery, NewGoods } from "./control.model.ts";
import { endGoods, findGoods, insertGoods, lockGoods, pageGoods, setDisinfected, setResults } from "./goods.store.ts";
import { mayRelease } from "./inbound.rules.ts";

async function goodsOf(tx: Tx, id: string): Promise<Goods> {
  const found = await findGoods(tx, id);
  if (found === undefined) throw new ProblemError("record.notFound", { what: "batch of goods" });
  return found;
}

async function areaOfGoods(input: { id: string }, tx: Tx): Promise<string> {
  return (await goodsOf(tx, input.id)).areaCode;
}

/** A batch under lock that is still held; any other state refuses. */
async function held(tx: Tx, id: string): Promise<Goods> {
  const goods = need(await lockGoods(tx, id), "its area was read in this transaction");
  if (goods.state !== "held") throw new ProblemError("state.notAllowed", { state: goods.state });
  return goods;
}

const write = { permission: "inbound.goods.write", kind: "write" } as const;

/** A batch comes in and is held; whoever keeps it has it sampled and disinfected. spec: INB-11 */
export const holdGoods = useCase(
  { name: "inbound.holdGoods", ...write, area: (of: NewGoods) => of.areaCode },
  async (tx, input: NewGoods): Promise<Goods> => {
    const outbreak = await currentOutbreak(tx);
    const { rule, decideMinutes } = inboundRules(outbreak).goods;
    const id = tx.newId();
    const leftOn = dayOf(tx.now, outbreak.timeZone);
    const [grade] = await gradeStays(tx, outbreak, [{ id, origin: input.origin, leftOn }]);
    const dueAt = addMinutes(tx.now, decideMinutes);
    const { level } = need(grade, "one stay, one level");
    if (!(await insertGoods(tx, { ...input, id, outbreakId: outbreak.id, level, dueAt })))
      throw new ProblemError("record.duplicate", { what: "batch of goods" });
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: "goodsCheck",
        areaCode: input.areaCode,
        ownerTeam: "sampling",
        subjectType: "goods",
        subjectId: id,
        params: { batch: input.batch, level, rule },
        dueAt,
      },
    ]);
    return goodsOf(tx, id);
  },
);

/** The results of a batch's samples; a positive one seals it. spec: INB-11 */
export const recordGoodsResult = useCase(
  { name: "inbound.goodsResult", ...write, area: areaOfGoods },
  async (tx, input: { id: string; samples: number; positives: number }): Promise<Goods> => {
    await held(tx, input.id);
    if (input.positives > input.samples)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/positives", detail: "more than samples" }]);
    await setResults(tx, input.id, input);
    if (input.positives > 0) await end(tx, input.id, "sealed");
    return goodsOf(tx, input.id);
  },
);

/** The batch and where it stood are disinfected. */
export const disinfectGoods = useCase(
  { name: "inbound.disinfectGoods", ...write, area: areaOfGoods },
  async (tx, input: { id: string }): Promise<Goods> => {
    await held(tx, input.id);
    await setDisinfected(tx, input.id);
    return goodsOf(tx, input.id);
  },
);

/** Lets a batch go; refused with what is missing. spec: INB-11 */
export const releaseGoods = useCase(
  { name: "inbound.releaseGoods", ...write, area: areaOfGoods },
  async (tx, input: { id: string }): Promise<Goods> => {
    const { samples, positives, disinfectedAt } = await held(tx, input.id);
    const rules = inboundRules(await currentOutbreak(tx));
    const may = mayRelease(rules, { samples, positives, disinfected: disinfectedAt !== null });
    if (!may.ok) throw new ProblemError(may.refusal.code, may.refusal.params);
    await end(tx, input.id, "released");
    return goodsOf(tx, input.id);
  },
);

async function end(tx: Tx, id: string, state: "released" | "sealed"): Promise<void> {
  await endGoods(tx, id, state);
  await completeTasks(tx, { subjectType: "goods", subjectIds: [id], evidence: { note: `${state} / 已处置` } });
}

export const listGoods = useCase(
  { name: "inbound.goods", permission: "inbound.goods.read", kind: "read" },
  (tx, query: GoodsQuery): Promise<Page<Goods>> => pageGoods(tx, query),
);
