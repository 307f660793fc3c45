import { allCases } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { lateByKind } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { bothNames, nameIn } from "./agenda.service.ts";
import { loopClocks } from "./clocks.service.ts";
import { chronicle } from "./command.service.ts";
import { firstEvents } from "./command.store.ts";
import { chronicleHtml, reviewHtml } from "./document.html.ts";
import { phaseLadder } from "./phases.service.ts";
import type { Review } from "./review.model.ts";
import { earlyActions, reviewStages, type EarlyAction } from "./review.rules.ts";

const lateKindsMax = 200;
const reported = "cases.reported";

/** What happened when, what was in time and what was late, measured on the records as they stand. spec: REV-1, REV-2 */
async function review(tx: Tx): Promise<Review> {
  const outbreak = await currentOutbreak(tx);
  const cases = await allCases(tx, outbreak.id, outbreak.areaCode);
  const begun = cases.map((found) => found.onsetAt ?? found.sampledAt ?? found.positiveAt).toSorted();
  const first = await firstEvents(tx, outbreak, [reported, ...earlyActions.map(({ event }) => event)]);
  const actions = Object.fromEntries(earlyActions.map(({ id, event }) => [id, first.get(event) ?? null])) as Record<
    EarlyAction,
    string | null
  >;
  const detection = outbreak.firstPositiveAt;
  // Somebody who fell ill after the first positive did not begin the outbreak.
  const emergence = begun[0] === undefined || detection === null || begun[0] < detection ? begun[0] : detection;
  return {
    at: tx.now,
    stages: reviewStages({
      emergence: emergence ?? null,
      detection,
      notification: first.get(reported) ?? null,
      actions,
    }),
    actions: earlyActions.map(({ id }) => ({ id, at: actions[id] })),
    phases: (await phaseLadder(tx, outbreak)).map(({ phase, enteredAt }) => ({ phase, enteredAt })),
    clocks: await loopClocks(tx, outbreak, { areaCode: outbreak.areaCode, since: null }),
    late: await lateByKind(tx, { outbreakId: outbreak.id, areaCode: outbreak.areaCode, limit: lateKindsMax }),
  };
}

const read = { permission: "command.review.read", kind: "read" } as const;

export const getReview = useCase({ name: "command.review", ...read }, (tx, _input: Record<string, never>) =>
  review(tx),
);

type Language = "zh-CN" | "en";

/** The review as a printable page. */
export const reviewDocument = useCase(
  { name: "command.reviewDocument", ...read },
  async (tx, { lang }: { lang: Language }): Promise<string> => {
    const outbreak = await currentOutbreak(tx);
    const found = await review(tx);
    const names = await bothNames(tx, [...new Set(found.late.map(({ areaCode }) => areaCode))]);
    return reviewHtml(found, {
      lang,
      title: { "zh-CN": outbreak.name, en: outbreak.nameEn },
      drill: outbreak.drill,
      timeZone: outbreak.timeZone,
      areaName: (code) => nameIn(names, code)[lang],
    });
  },
);

/** The whole outbreak told day by day, as a printable page. spec: CMD-8 */
export const chronicleDocument = useCase(
  { name: "command.chronicleDocument", permission: "command.board.read", kind: "read" },
  async (tx, { lang }: { lang: Language }): Promise<string> => {
    const outbreak = await currentOutbreak(tx);
    return chronicleHtml(await chronicle(tx), {
      lang,
      title: { "zh-CN": outbreak.name, en: outbreak.nameEn },
      drill: outbreak.drill,
      timeZone: outbreak.timeZone,
      areaName: (code) => code,
    });
  },
);
