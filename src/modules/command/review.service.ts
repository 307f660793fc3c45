import { isWithin } from "#kernel/area";
import { caseSpan } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { lateByKind } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { bothNames, nameIn } from "./agenda.service.ts";
import { loopClocks } from "./clocks.service.ts";
import { chronicle } from "./command.service.ts";
import { firstEvents } from "./command.store.ts";
import { chronicleHtml, reviewHtml, type DocumentContext } from "./document.html.ts";
import { phaseLadder } from "./phases.service.ts";
import type { Review } from "./review.model.ts";
import { earlyActions, reviewStages, type EarlyAction } from "./review.rules.ts";

const lateKindsMax = 200;
const reported = "cases.reported";

/** What happened when, what was in time and what was late, measured on the records as they stand. spec: REV-1, REV-2 */
async function review(tx: Tx): Promise<Review> {
  const outbreak = await currentOutbreak(tx);
  const { firstBegun } = await caseSpan(tx, outbreak.id, outbreak.areaCode);
  const first = await firstEvents(tx, outbreak, [reported, ...earlyActions.map(({ event }) => event)]);
  const actions = Object.fromEntries(earlyActions.map(({ id, event }) => [id, first.get(event) ?? null])) as Record<
    EarlyAction,
    string | null
  >;
  const detection = outbreak.firstPositiveAt;
  // Somebody who fell ill after the first positive did not begin the outbreak.
  const emergence = firstBegun === null || detection === null || firstBegun < detection ? firstBegun : detection;
  return {
    at: tx.now,
    areaCode: partOf(tx, outbreak.areaCode),
    whole: isWithin(outbreak.areaCode, tx.actor.areaCode),
    stages: reviewStages({ emergence, detection, notification: first.get(reported) ?? null, actions }, tx.now),
    actions: earlyActions.map(({ id }) => ({ id, at: actions[id] })),
    phases: (await phaseLadder(tx, outbreak)).map(({ phase, enteredAt }) => ({ phase, enteredAt })),
    clocks: await loopClocks(tx, outbreak, { areaCode: outbreak.areaCode, since: null }),
    late: await lateByKind(tx, { outbreakId: outbreak.id, areaCode: outbreak.areaCode, limit: lateKindsMax }),
  };
}

/** What the reader may see of the outbreak: all of it, or the reader's own part. */
function partOf(tx: Tx, outbreakArea: string): string {
  return isWithin(outbreakArea, tx.actor.areaCode) ? outbreakArea : tx.actor.areaCode;
}

const read = { permission: "command.review.read", kind: "read", replica: true } as const;

export const getReview = useCase({ name: "command.review", ...read }, (tx, _input: Record<string, never>) =>
  review(tx),
);

type Language = "zh-CN" | "en";

/** What every paper of this outbreak stands on. */
async function contextOf(tx: Tx, lang: Language, codes: readonly string[]): Promise<DocumentContext> {
  const outbreak = await currentOutbreak(tx);
  const own = partOf(tx, outbreak.areaCode);
  const names = await bothNames(tx, [...new Set([own, ...codes])]);
  const phases = new Map(outbreak.protocol.phases.map(({ phase, name }) => [phase as string, name]));
  return {
    lang,
    title: { "zh-CN": outbreak.name, en: outbreak.nameEn },
    drill: outbreak.drill,
    timeZone: outbreak.timeZone,
    area: nameIn(names, own),
    at: tx.now,
    areaName: (code) => nameIn(names, code)[lang],
    phaseName: (phase) => phases.get(phase)?.[lang] ?? phase,
  };
}

/** The review as a printable page. */
export const reviewDocument = useCase(
  { name: "command.reviewDocument", ...read },
  async (tx, { lang }: { lang: Language }): Promise<string> => {
    const found = await review(tx);
    const codes = found.late.map(({ areaCode }) => areaCode);
    return reviewHtml(found, await contextOf(tx, lang, codes));
  },
);

/** The whole outbreak told day by day, as a printable page. spec: CMD-8 */
export const chronicleDocument = useCase(
  { name: "command.chronicleDocument", permission: "command.board.read", kind: "read", replica: true },
  async (tx, { lang }: { lang: Language }): Promise<string> =>
    chronicleHtml(await chronicle(tx), await contextOf(tx, lang, [])),
);
