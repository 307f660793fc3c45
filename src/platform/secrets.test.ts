import { describe, expect, it } from "vitest";
import { secretsOf } from "./secrets.ts";

describe("secrets", () => {
  const secrets = secretsOf(Buffer.alloc(32, 7));

  it("seals with a nonce of its own each time, opens what it sealed, and refuses what was changed", () => {
    const sealed = Array.from({ length: 3_000 }, () => secrets.seal("11010519491231002X"));
    expect(new Set(sealed.map((one) => one.subarray(0, 12).toString("hex"))).size).toBe(3_000);
    for (const one of sealed.slice(0, 20)) expect(secrets.open(one)).toBe("11010519491231002X");
    const changed = Buffer.from(sealed[0] as Buffer);
    changed[30] = (changed[30] ?? 0) ^ 1;
    expect(() => secrets.open(changed)).toThrow("unable to authenticate");
    expect(secretsOf(Buffer.alloc(32, 8)).lookupHash("x").equals(secrets.lookupHash("x"))).toBe(false);
    expect(secrets.lookupHash(" x ")).toEqual(secrets.lookupHash("X"));
  });

  it.each([10, 5_000])("seals %d numbers as one by one, in their order", async (count) => {
    const numbers = Array.from({ length: count }, (_, i) => ({ key: `residentId:${i}`, text: `${i}` }));
    const sealed = await secrets.sealMany(numbers);
    expect(sealed).toHaveLength(count);
    expect(sealed.map(({ enc }) => secrets.open(Buffer.from(enc)))).toEqual(numbers.map(({ text }) => text));
    expect(sealed.every(({ hash }, i) => secrets.lookupHash(`residentId:${i}`).equals(hash))).toBe(true);
  });
});
