import { Type, type Static } from "typebox";
import { originLevels } from "#domain/outbreaks";
import { Delay, Figure } from "../scenario.model.ts";

const Place = Type.String({ minLength: 2, maxLength: 40 });
const strict = { additionalProperties: false };

/** What a scenario says about inbound control. */
export const InboundSection = Type.Object(
  {
    regions: Type.Array(
      Type.Object(
        {
          place: Place,
          name: Type.String({ minLength: 1 }),
          level: Type.Unsafe<(typeof originLevels)[number]>({ type: "string", enum: [...originLevels] }),
          /** On which day before the drill's first the list began. */
          daysBefore: Type.Integer({ minimum: 0, maximum: 60 }),
          why: Type.String({ minLength: 8 }),
        },
        strict,
      ),
    ),
    origins: Type.Array(Type.Object({ place: Place, share: Type.Number({ minimum: 0, maximum: 1 }) }, strict), {
      minItems: 1,
    }),
    leftDaysAgoMax: Figure,
    arrivalsPerDay: Figure,
    declaredShare: Figure,
    byRoadShare: Figure,
    noShowShare: Figure,
    forgottenShare: Figure,
    passesPerDay: Figure,
    proofShare: Figure,
    declineShare: Figure,
    feverShare: Figure,
    goodsPassShare: Figure,
    lettersInPerDay: Figure,
    lettersOutPerDay: Figure,
    peoplePerLetter: Figure,
    foundShare: Figure,
    receipt: Delay,
    check: Delay,
    answer: Delay,
    meet: Delay,
    drive: Delay,
    postsPerCounty: Type.Array(
      Type.Object(
        { trade: Type.String({ minLength: 1 }), posts: Figure, workers: Type.Integer({ minimum: 1, maximum: 200 }) },
        strict,
      ),
    ),
    missedTestShare: Figure,
    goodsPerDay: Figure,
    goodsPositiveShare: Figure,
    goodsSampled: Delay,
    goodsDisinfected: Delay,
  },
  strict,
);
export type InboundSection = Static<typeof InboundSection>;
