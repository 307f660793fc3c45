import { currentOutbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { ProblemError } from "#kernel/errors";
import { addHours, dayOf, type Day } from "#kernel/time";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { coveredNames } from "./covered.service.ts";
import type { DueTestShown, Leaving, ReleasePaper } from "./floors.model.ts";
import { checklists } from "./release.service.ts";
import { allMet } from "./release.rules.ts";
import { endingDays, pageLeaving, papersOf, type EndingDay, type ReleaseQuery } from "./releases.store.ts";
import { dueTests } from "./tests.service.ts";
import { dueRows } from "./tests.store.ts";

/** Who may leave today and in the days to come, who is tested today, and the papers of those who left. */

const read = "isolation.read";
const areaOf = (input: { readonly areaCode?: string }, tx: { readonly actor: { readonly areaCode: string } }): string =>
  input.areaCode ?? tx.actor.areaCode;

/** Who is at the end of a plan or in care, each with his check-list: what was measured, what was needed. */
export const listReleases = useCase(
  { name: "isolation.listReleases", permission: read, kind: "read", area: areaOf },
  async (tx, input: ReleaseQuery & { readonly areaCode?: string; readonly day?: Day }): Promise<Page<Leaving>> => {
    const outbreak = await currentOutbreak(tx);
    const day = input.day ?? dayOf(tx.now, outbreak.timeZone);
    const found = await pageLeaving(tx, { ...input, day });
    const lists = await checklists(tx, outbreak, found.items, day);
    const name = await coveredNames(
      tx,
      found.items.map((order) => order.personId),
    );
    const items = found.items.map((order): Leaving => {
      const checks = lists.get(order.id) ?? [];
      return {
        orderId: order.id,
        personId: order.personId,
        coveredName: name(order.personId),
        areaCode: order.areaCode,
        category: order.category,
        planClass: order.planClass,
        mode: order.mode,
        siteId: order.siteId,
        siteName: order.siteName,
        siteNameEn: order.siteNameEn,
        startAt: order.startAt,
        plannedEndDay: order.plannedEndDay,
        ready: allMet(checks),
        checks: [...checks],
      };
    });
    return { items, next: found.next };
  },
);

const forecastDaysMax = 21;

/** How many plans end on each of the coming days. */
export const releaseForecast = useCase(
  { name: "isolation.releaseForecast", permission: read, kind: "read", area: areaOf },
  async (tx, input: { readonly areaCode?: string; readonly days?: number }): Promise<{ items: EndingDay[] }> => {
    const { timeZone } = await currentOutbreak(tx);
    const days = Math.min(input.days ?? forecastDaysMax, forecastDaysMax);
    const to = dayOf(addHours(tx.now, 24 * (days - 1)), timeZone);
    return {
      items: await endingDays(tx, { areaCode: areaOf(input, tx), from: dayOf(tx.now, timeZone), to }),
    };
  },
);

/** Who must be sampled by a day where he is, names covered. */
export const testsOfDay = useCase(
  { name: "isolation.testsOfDay", permission: dueTests.def.permission, kind: "read", area: areaOf },
  async (
    tx,
    input: {
      readonly areaCode?: string;
      readonly day?: Day;
      readonly siteId?: string;
      readonly category?: "contact" | "case";
      readonly limit?: number;
      readonly cursor?: string;
    },
  ): Promise<Page<DueTestShown>> => {
    const { timeZone } = await currentOutbreak(tx);
    const limit = pageSize(input.limit);
    const { cursor, limit: _limit, ...asked } = input;
    const rows = await dueRows(tx, {
      ...asked,
      limit: limit + 1,
      after: Number(cursorKey(cursor, 1)?.[0] ?? 0),
      areaCode: areaOf(input, tx),
      day: input.day ?? dayOf(tx.now, timeZone),
    });
    const name = await coveredNames(
      tx,
      rows.map((row) => row.personId),
    );
    return pageOf(
      rows.map((row) => ({ ...row, coveredName: name(row.personId) })),
      limit,
      (row) => [row.personId],
    );
  },
);

/** The papers of people who were released, by name, for a purpose. */
export const releasePapers = useCase(
  { name: "isolation.releasePapers", permission: "isolation.release", kind: "read", personal: true },
  async (tx, input: { readonly orderIds: readonly string[] }): Promise<{ items: ReleasePaper[] }> => {
    const rows = await papersOf(tx, input.orderIds);
    if (rows.length !== new Set(input.orderIds).size) throw new ProblemError("record.notFound", { what: "order" });
    const stays = rows.find((row) => row.state !== "released");
    if (stays) throw new ProblemError("state.notAllowed", { state: stays.state });
    const cards = new Map(
      (
        await personCards(
          tx,
          rows.map((row) => row.personId),
        )
      ).map((card) => [card.id, card]),
    );
    return {
      items: rows.map(({ personId, state: _released, ...row }) => ({
        ...row,
        name: cards.get(personId)?.name ?? "",
        idLast4: cards.get(personId)?.idLast4 ?? null,
      })),
    };
  },
);
