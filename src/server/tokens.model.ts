import Type from "typebox";
import { tokenDaysMax } from "#platform/tokens";

/** An API token as it is listed: never the token itself. */
export const TokenShape = Type.Object({
  id: Type.String(),
  label: Type.String(),
  createdAt: Type.String(),
  lastUsedAt: Type.Union([Type.String(), Type.Null()]),
  expiresAt: Type.String(),
  endedAt: Type.Union([Type.String(), Type.Null()]),
  state: Type.String({ enum: ["active", "expired", "ended"] }),
});

/** What a new token is called, and for how many days it holds. */
export const NewToken = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 100 }),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: tokenDaysMax })),
  },
  { additionalProperties: false },
);
