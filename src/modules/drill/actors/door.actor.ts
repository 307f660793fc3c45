import { dayOf } from "#kernel/time";
import { need } from "#kernel/assert";
import { openPurposeRound } from "#modules/screening";
import { doorCode } from "../sites.rules.ts";
import { personIndexOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { sendBox } from "./tubes.actor.ts";

interface Visit {
  readonly tubeId: number;
  readonly personIds: readonly number[];
}

const peoplePerBoxMax = 200;
const minutesPerDoor = 4;

/** The county of the first member, whose door team goes. */
function countyOf(hand: Hand, personIds: readonly number[]): string {
  const first = need(personIds[0], "a tube has members");
  return need(hand.city.counties[hand.city.countyOf(personIndexOf(first))], "a person lives in a county").code;
}

/** Every member of a positive tube is sampled alone at the door. */
async function resample(hand: Hand, item: DrillItem): Promise<void> {
  const { tubeId, personIds } = item.data as Visit;
  const county = countyOf(hand, personIds);
  const day = dayOf(hand.now, hand.scenario.timeZone);
  const roundId = await hand.system(`recheckRound ${item.key}`, (tx) =>
    openPurposeRound(tx, { purpose: "recheck", areaCode: county, day }),
  );
  const tubes = personIds.slice(0, peoplePerBoxMax).map((personId, i) => ({
    barcode: `R${item.key}-${i + 1}`,
    kind: "single" as const,
    size: 1,
    people: [personIndexOf(personId)],
    minute: Math.max(0, hand.minute - minutesPerDoor * (personIds.length - i)),
    recheckOf: tubeId,
  }));
  await sendBox(hand, {
    roundId,
    siteCode: doorCode(county),
    areaCode: county,
    box: `BR${item.key}`,
    tubes,
    urgent: true,
    pickUpMin: 15,
  });
  hand.count("doorVisits", personIds.length);
}

/** The emergency sampling squad at the doors of a positive tube's members. */
export const doorActor: DrillActor = {
  name: "door",
  items: { "door.resample": resample },
  events: {
    "cases.held": (hand, event) => {
      const data = event.data as Visit & { readonly resample?: boolean };
      // An unclear tube waits for the laboratory's second run; nobody is visited for it yet.
      if (data.resample === false || data.personIds.length === 0) return;
      // The first member and the minute name the visit: numbers the database gives would differ after a kill.
      const key = `${need(data.personIds[0], "a tube has members")}-${hand.minute}`;
      hand.after(hand.delay(hand.scenario.sampling.doorVisit, "doorVisit", key), "door.resample", key, data);
    },
  },
};
