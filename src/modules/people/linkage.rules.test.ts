import { describe, expect, it } from "vitest";
import {
  birthAgreement,
  decideLink,
  diceOf,
  nameAgreement,
  progressOf,
  qualityOf,
  scoreOf,
  type Candidate,
  type LinkageRecord,
} from "./domain.ts";

const entry: LinkageRecord = {
  name: "王小明",
  birthDate: "1990-03-07",
  sex: "male",
  address: "前韩村 12 号",
  areaCode: "371721100201",
  idHash: "aa",
  phoneHash: "bb",
};
const person: Candidate = { ...entry, id: 7 };

describe("linkage", () => {
  it.each([
    // Pairs of ^王小明$: ^王 王小 小明 明$; two of four are shared with 王晓明: 2 × 2 / 8.
    ["王小明", "王晓明", 0.5],
    ["王小明", "王小明", 1],
    ["王小明", "李大山", 0],
    ["阿依古丽·买买提", "阿依古丽买买提", 1],
  ])("Dice of %s and %s is %d", (a, b, want) => {
    expect(diceOf(a, b)).toBe(want);
  });

  it.each([
    ["1990-03-07", "1990-03-07", "equal"],
    ["1990-03-07", "1990-07-03", "swapped"],
    ["1990-03-07", "1991-03-07", "yearOff"],
    ["1990-03-07", "1990-03-17", "partOff"],
    ["1990-03-07", "1980-03-07", "partOff"],
    ["1990-03-07", "1985-11-30", "different"],
    ["1990-03-07", null, "unknown"],
  ])("births %s and %s are %s", (a, b, want) => {
    expect(birthAgreement(a, b)).toBe(want);
  });

  it("PEOPLE-12: adds the weights of the fields", () => {
    // 9 name + 12 birth + 1 sex + 10 phone + 4 address + 5 village.
    expect(scoreOf(entry, person)).toMatchObject({ score: 41, parts: { name: "equal", identity: "equal" } });
    // 3 similar name + 7 swapped + 1 − 1 other phone + 4 + 3 same town.
    const other = { ...person, name: "王晓明", birthDate: "1990-07-03", phoneHash: "cc", areaCode: "371721100202" };
    expect(scoreOf(entry, { ...other, idHash: null }).score).toBe(17);
    // Another valid number: they are two.
    expect(scoreOf(entry, { ...other, idHash: "zz" }).score).toBe(-3);
    expect(nameAgreement("王小明", "李大山")).toBe("different");
  });

  const noId = { ...person, idHash: null };
  it.each([
    ["PEOPLE-10 the same number", entry, [person], "exactId"],
    ["PEOPLE-10 a new surname", { ...entry, name: "李大山" }, [person], "exactId"],
    ["PEOPLE-10 a number copied wrongly", { ...entry, name: "李大山", birthDate: "1960-01-02" }, [person], "review"],
    [
      "PEOPLE-10 a name alike and another day: a brother's number",
      { ...entry, name: "王小红", birthDate: "1994-11-30" },
      [person],
      "review",
    ],
    ["PEOPLE-10 a name alike, the day unknown", { ...entry, name: "王小红", birthDate: null }, [person], "exactId"],
    [
      "PEOPLE-10 a name alike, month and day swapped",
      { ...entry, name: "王小红", birthDate: "1990-07-03" },
      [person],
      "exactId",
    ],
    ["PEOPLE-11 phone and name", entry, [noId], "exactPhoneName"],
    ["PEOPLE-11 two of one phone and name", entry, [noId, { ...noId, id: 8 }], "review"],
    ["PEOPLE-11 the phone's owner has another number", entry, [{ ...person, idHash: "zz" }], "review"],
    ["PEOPLE-12 a score only asks", { ...entry, phoneHash: null }, [noId], "review"],
    ["PEOPLE-12 too little", entry, [{ ...noId, phoneHash: null, name: "李大山" }], "review"],
    ["PEOPLE-12 nobody", entry, [], "new"],
    [
      "PEOPLE-12 a namesake of another age",
      { ...entry, phoneHash: null },
      [{ ...noId, birthDate: "1950-11-30", address: null }],
      "new",
    ],
  ] as const)("%s", (_rule, record, candidates, want) => {
    const decision = decideLink(record, candidates);
    expect(decision.state === "linked" ? decision.how : decision.state).toBe(want);
  });
});

describe("sources", () => {
  it("PEOPLE-15: quality by hand", () => {
    expect(qualityOf({ entries: 0, withId: 0, validId: 0, linked: 0, duplicates: 0 })).toBeNull();
    expect(qualityOf({ entries: 10, withId: 10, validId: 10, linked: 10, duplicates: 0 })).toBe(100);
    // 25 × 0.8 + 25 × 0.6 + 35 × 0.5 + 15 × 0.9 = 20 + 15 + 17.5 + 13.5.
    expect(qualityOf({ entries: 10, withId: 8, validId: 6, linked: 5, duplicates: 1 })).toBe(66);
  });

  it("PEOPLE-16: late from the eighth day after being asked", () => {
    const reporters = [
      { askedOn: "2022-07-20", electronicSince: "2022-07-23", reporters: 3 },
      { askedOn: "2022-07-20", electronicSince: null, reporters: 1 },
    ];
    expect(progressOf(reporters, "2022-07-19")).toMatchObject({ asked: 0, share: 0 });
    expect(progressOf(reporters, "2022-07-22")).toMatchObject({ asked: 4, electronic: 0, late: 0 });
    expect(progressOf(reporters, "2022-07-27")).toMatchObject({ electronic: 3, share: 0.75, late: 0 });
    expect(progressOf(reporters, "2022-07-28")).toMatchObject({ late: 1 });
  });
});
