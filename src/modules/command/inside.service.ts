import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { areasBelow } from "#modules/areas";
import { openCheckpoints, postsIn } from "#modules/inbound";
import { siteFigures } from "#modules/isolation";
import { openLabs, openSites } from "#modules/screening";
import { unitsIn } from "#modules/sentinel";
import { venueKindsIn } from "#modules/venues";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { insideKinds, insideVillagesMax, type InsideAnswer, type InsideKind } from "./places.model.ts";
import { placesInside, type Standing } from "./places.rules.ts";

const countyChars = 6;
const placesMax = 5_000;
const shownMax = 30;

type Found = Readonly<Record<InsideKind, readonly Standing[]>>;

/** Every place of a county that a zone might hold, by kind. */
async function placesOfCounty(tx: Tx, county: string): Promise<Found> {
  const named = <P extends { readonly name: string }>(rows: readonly P[]) =>
    rows.map((row) => ({ ...row, nameEn: row.name }));
  const stays = (await siteFigures(tx, county)).filter(({ state }) => state !== "closed");
  return {
    quarantine: stays.filter(({ kind }) => kind !== "hospital"),
    hospital: stays.filter(({ kind }) => kind === "hospital"),
    care: named(await unitsIn(tx, county, placesMax)).map((unit) => ({ ...unit, lat: null, lon: null })),
    sampling: await openSites(tx, county, placesMax),
    laboratory: await openLabs(tx, county, placesMax),
    checkpoint: named(await openCheckpoints(tx, county, placesMax)),
    post: named(await postsIn(tx, county, placesMax)),
  };
}

/** What stands in some villages, before a zone is drawn over them. spec: CMD-10 */
export const boardInside = useCase(
  { name: "command.boardInside", permission: "command.board.read", kind: "read" },
  async (tx, input: { readonly villages: readonly string[] }): Promise<InsideAnswer> => {
    const chosen = new Set(input.villages);
    if (chosen.size > insideVillagesMax) throw new ProblemError("limit.exceeded", { limit: insideVillagesMax });
    if ([...chosen].some((code) => !isWithin(code, tx.actor.areaCode)))
      throw new ProblemError("auth.outsideJurisdiction");
    const groups = new Map(insideKinds.map((kind) => [kind, { kind, count: 0, items: [], unknown: 0 } as Group]));
    for (const county of new Set([...chosen].map((code) => code.slice(0, countyChars)))) {
      const villages = await areasBelow(tx, county, "village");
      const places = await placesOfCounty(tx, county);
      for (const kind of insideKinds) {
        const group = groups.get(kind);
        const { inside, unknown } = placesInside(places[kind], chosen, villages);
        if (!group) continue;
        group.count += inside.length;
        group.unknown += unknown;
        group.items.push(...inside.slice(0, shownMax - group.items.length));
      }
    }
    return { groups: [...groups.values()], venues: await venueKindsIn(tx, [...chosen]) };
  },
);

type Group = InsideAnswer["groups"][number];
