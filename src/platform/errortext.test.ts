import { describe, expect, it } from "vitest";
import { ProblemError } from "#kernel/errors";
import { errorText } from "./errortext.ts";

describe("what is kept of an error", () => {
  it("is its kind, code and place, and never its words", () => {
    const error = Object.assign(new Error("Key (phone)=(13800000001) of 张三 already exists"), {
      code: "23505",
      constraint: "person_ref",
    });
    expect(errorText(error)).toMatch(/^Error 23505 person_ref src\/platform\/errortext\.test\.ts:\d+$/);
  });

  it("names a refused rule by its code", () => {
    const text = errorText(new ProblemError("rule.refused", { rule: "ACC-2", why: "张三 may not" }));
    expect(text).toContain("rule.refused");
    expect(text).not.toContain("张三");
  });

  it.each([null, "张三", undefined, 7])("says nothing of %j, which is no error", (thrown) => {
    expect(errorText(thrown)).toBe("unknown");
  });

  it("drops a code that could be a sentence", () => {
    expect(errorText(Object.assign(new Error("x"), { code: "no room for 张三" }))).not.toContain("张三");
  });
});
