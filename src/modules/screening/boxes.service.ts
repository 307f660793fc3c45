import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { checkPositions } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import {
  ensureBoxes,
  findLab,
  findSite,
  insertDiscrepancies,
  lockBoxes,
  pageBoxes,
  pageLabs,
  pageSites,
  sealBoxes,
  sendBoxes,
  takeBoxes,
  upsertLabs,
  upsertSites,
  type BoxRow,
  type Moved,
  type SiteRow,
} from "./boxes.store.ts";
import type { BoxesMoved } from "./events.model.ts";
import { enterBulk } from "./rounds.store.ts";
import {
  type BoxAnswer,
  type BoxBad,
  type BoxQuery,
  boxesMax,
  type HandOverBoxes,
  type PlaceQuery,
  type ReceiveBoxes,
  type RegisterLabs,
  type RegisterSites,
  type SealBox,
} from "./boxes.model.ts";

const boxDef = { permission: "screening.box.write", kind: "write" } as const;

/** The site, if the actor may work for it. */
export async function siteOrNone(tx: Tx, id: string): Promise<SiteRow> {
  const site = await findSite(tx, id);
  if (!site) throw new ProblemError("record.notFound", { what: "sampling site" });
  return site;
}

/** The laboratory, if the actor may work for it. */
export async function labOrNone(tx: Tx, id: string): Promise<SiteRow> {
  const lab = await findLab(tx, id);
  if (!lab) throw new ProblemError("record.notFound", { what: "laboratory" });
  return lab;
}

/** Seals a box at its site; more tubes may still be registered late for it. spec: SCR-9 */
export const sealBox = useCase(
  { name: "screening.sealBox", ...boxDef },
  async (tx, input: SealBox): Promise<{ boxId: string; tubes: number }> => {
    const site = await siteOrNone(tx, input.siteId);
    const outbreak = await currentOutbreak(tx);
    const box = (
      await ensureBoxes(tx, { outbreakId: outbreak.id, siteId: site.id, areaCode: site.areaCode }, [input.code])
    ).get(input.code);
    if (!box || box.siteId !== site.id) throw new ProblemError("record.duplicate", { what: "box" });
    if (box.state !== "open") throw new ProblemError("state.notAllowed", { state: box.state });
    await sealBoxes(tx, [{ id: box.id, seal: input.seal }]);
    return { boxId: box.id, tubes: box.tubes };
  },
);

/** Gives sealed boxes to a courier. The giver signs by being logged in, the courier is named and is another person. spec: NAT-TRANSIT, SCR-9 */
export const handOverBoxes = useCase(
  { name: "screening.handOverBoxes", ...boxDef },
  async (tx, input: HandOverBoxes): Promise<BoxAnswer> => {
    checkBoxes(input.boxes);
    if (input.courier === tx.actor.id)
      throw new ProblemError("rule.refused", { rule: "SCR-9", why: "who gives the boxes away does not carry them" });
    const site = await siteOrNone(tx, input.siteId);
    const outbreak = await currentOutbreak(tx);
    await enterBulk(tx, "byKey");
    const boxes = await ensureBoxes(
      tx,
      { outbreakId: outbreak.id, siteId: site.id, areaCode: site.areaCode },
      input.boxes.map((box) => box.code),
    );
    const bad: BoxBad[] = [];
    const going: BoxRow[] = [];
    const seals: { id: string; seal: string }[] = [];
    for (const { code, seal } of input.boxes) {
      const box = boxes.get(code);
      if (!box || box.siteId !== site.id) bad.push({ code, field: "code", why: "otherSite" });
      else if (box.state === "in_transit" || box.state === "received") bad.push({ code, field: "code", why: "state" });
      else if (box.state === "open" && seal === undefined) bad.push({ code, field: "seal", why: "notSealed" });
      else {
        going.push(box);
        if (box.state === "open" && seal !== undefined) seals.push({ id: box.id, seal });
      }
    }
    if (seals.length > 0) await sealBoxes(tx, seals);
    const moved =
      going.length === 0
        ? { tubes: 0, people: 0 }
        : await sendBoxes(
            tx,
            going.map((box) => box.id),
            input.courier,
          );
    if (going.length > 0)
      await told(tx, "screening.boxesHandedOver", outbreak.id, site.areaCode, input.siteId, going.length, moved);
    return { boxes: going.length, ...moved, bad, discrepancies: [] };
  },
);

/** Takes boxes from the courier in a laboratory and records where its count differs from the site's. spec: NAT-TRANSIT, SCR-9 */
export const receiveBoxes = useCase(
  { name: "screening.receiveBoxes", permission: "screening.lab.write", kind: "write" },
  async (tx, input: ReceiveBoxes): Promise<BoxAnswer> => {
    checkBoxes(input.boxes);
    if (input.courier === tx.actor.id)
      throw new ProblemError("rule.refused", { rule: "SCR-9", why: "who carries the boxes does not receive them" });
    const lab = await labOrNone(tx, input.labId);
    const outbreak = await currentOutbreak(tx);
    await enterBulk(tx, "byKey");
    const boxes = await lockBoxes(
      tx,
      outbreak.id,
      input.boxes.map((box) => box.code),
    );
    const bad: BoxBad[] = [];
    const taken: { box: BoxRow; counted: number; missing: readonly string[] }[] = [];
    for (const { code, counted, missing = [] } of input.boxes) {
      const box = boxes.get(code);
      if (!box) bad.push({ code, field: "code", why: "unknown" });
      else if (box.state !== "in_transit") bad.push({ code, field: "code", why: "state" });
      else if (box.courier !== input.courier) bad.push({ code, field: "courier", why: "otherCourier" });
      else taken.push({ box, counted, missing });
    }
    const differing = taken.filter((row) => row.counted !== row.box.tubes || row.missing.length > 0);
    const moved =
      taken.length === 0
        ? { tubes: 0, people: 0 }
        : await takeBoxes(
            tx,
            lab.id,
            taken.map((row) => ({ id: row.box.id, counted: row.counted })),
            taken.flatMap((row) => row.missing),
          );
    await insertDiscrepancies(tx, lab.id, differing);
    if (taken.length > 0)
      await told(tx, "screening.boxesReceived", outbreak.id, lab.areaCode, lab.id, taken.length, moved);
    const discrepancies = differing.map((row) => ({
      code: row.box.code,
      expected: row.box.tubes,
      counted: row.counted,
    }));
    return { boxes: taken.length, ...moved, bad, discrepancies };
  },
);

function checkBoxes(boxes: readonly { code: string }[]): void {
  if (boxes.length > boxesMax) throw new ProblemError("limit.exceeded", { limit: boxesMax });
  if (new Set(boxes.map((box) => box.code)).size !== boxes.length)
    throw new ProblemError("request.invalid", {}, [{ pointer: "/boxes", detail: "a box is named twice" }]);
}

async function told(
  tx: Tx,
  name: string,
  outbreakId: string,
  areaCode: string,
  subjectId: string,
  boxes: number,
  moved: Moved,
): Promise<void> {
  const data: BoxesMoved = { boxes, ...moved };
  await tx.emit({ name, outbreakId, areaCode, subjectType: "box", subjectId, data });
}

export const listBoxes = useCase(
  { name: "screening.listBoxes", permission: "screening.round.read", kind: "read" },
  (tx, query: BoxQuery) => pageBoxes(tx, query),
);

const placeDef = { permission: "screening.place.write", kind: "write" } as const;

/** Registers sampling sites by code, or renews their facts; returns their ids by code. */
export const registerSites = useCase(
  { name: "screening.registerSites", ...placeDef, area: (input: RegisterSites) => input.areaCode },
  async (tx, input): Promise<Record<string, string>> => {
    checkInside(input.areaCode, input.sites, "sites");
    checkPositions(tx, input.sites, (index) => `/sites/${index}`);
    return Object.fromEntries(await upsertSites(tx, input.sites));
  },
);

/** Registers laboratories by code, or renews their facts; returns their ids by code. */
export const registerLabs = useCase(
  { name: "screening.registerLabs", ...placeDef, area: (input: RegisterLabs) => input.areaCode },
  async (tx, input): Promise<Record<string, string>> => {
    checkInside(input.areaCode, input.labs, "labs");
    checkPositions(tx, input.labs, (index) => `/labs/${index}`);
    return Object.fromEntries(await upsertLabs(tx, input.labs));
  },
);

function checkInside(areaCode: string, places: readonly { areaCode: string }[], list: string): void {
  const outside = places.findIndex((place) => !isWithin(place.areaCode, areaCode));
  if (outside >= 0)
    throw new ProblemError("request.invalid", {}, [
      { pointer: `/${list}/${outside}/areaCode`, detail: "lies outside the area of the request" },
    ]);
}

export const listSites = useCase(
  { name: "screening.listSites", permission: "screening.round.read", kind: "read" },
  (tx, query: PlaceQuery) => pageSites(tx, query),
);
export const listLabs = useCase(
  { name: "screening.listLabs", permission: "screening.round.read", kind: "read" },
  (tx, query: PlaceQuery) => pageLabs(tx, query),
);
