import { describe, expect, it } from "vitest";
import { ProblemError } from "#kernel/errors";
import { problemOf } from "./problems.ts";

describe("a problem", () => {
  it("names what is missing in the reader's language", () => {
    const missing = new ProblemError("record.notFound", { what: "case" });
    expect(problemOf(missing, "zh-CN", "r").title).toBe("未找到该病例");
    expect(problemOf(missing, "en", "r").title).toBe("No such case");
  });

  it("says nothing of the inside of what was not expected, and no word of the code", () => {
    const failed = problemOf(new Error("password of 张三"), "zh-CN", "r-1");
    expect(failed).toMatchObject({ status: 500, code: "server.failed", requestId: "r-1" });
    expect(JSON.stringify(failed)).not.toContain("张三");
    const nowhere = problemOf(Object.assign(new Error("x"), { statusCode: 404 }), "zh-CN", "r");
    expect(nowhere.title).toBe("未找到该页面");
  });
});
