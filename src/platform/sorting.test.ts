import { describe, expect, it } from "vitest";
import { ProblemError } from "#kernel/errors";
import { pageOfAll, sortOf, type SortTable } from "./sorting.ts";

interface Row {
  readonly id: number;
  readonly dueAt: string;
}

const table: SortTable<Row, "due" | "number"> = {
  keys: {
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
    number: { sql: "no", type: "integer", of: (row) => row.id },
  },
  tie: { sql: "id", type: "bigint", of: (row) => row.id },
};
const rows = [1, 2, 3].map((id) => ({ id, dueAt: `2022-07-0${id}T00:00:00.000Z` }));

describe("the order of a list", () => {
  it.each([
    ["due", "due_at, id", ">"],
    ["-due", "due_at desc, id desc", "<"],
  ] as const)("%s goes one way, value and tie alike", (sort, order, sign) => {
    const sorting = sortOf({ sort }, table, "number");
    expect(sorting.order).toBe(order);
    expect(sorting.values).toEqual([null, null]);
    expect(sorting.after(4)).toBe(`($4::timestamptz is null or (due_at, id) ${sign} ($4::timestamptz, $5::bigint))`);
  });

  it("goes on behind the last row of the page", () => {
    const { next, items } = sortOf({ limit: 2 }, table, "due").page([...rows]);
    expect(items).toHaveLength(2);
    const further = sortOf({ cursor: next ?? "" }, table, "due");
    expect(further.values).toEqual(["2022-07-02T00:00:00.000Z", 2]);
  });

  it("refuses a cursor of another sort, and of the same sort the other way round", () => {
    const { next } = sortOf({ limit: 2 }, table, "due").page([...rows]);
    for (const sort of ["number", "-due"] as const) {
      expect(() => sortOf({ sort, cursor: next ?? "" }, table, "due")).toThrow(ProblemError);
    }
  });

  it("is written for a town or village as no index has it, the condition behind the cursor alike", () => {
    const wide = sortOf({ sort: "due" }, table, "due", "371721");
    const narrow = sortOf({ sort: "due" }, table, "due", "371721123");
    expect(wide.order).toBe("due_at, id");
    expect(narrow.order).toBe("(due_at + interval '0'), id");
    expect(narrow.after(2)).toContain("((due_at + interval '0'), id) > ($2::timestamptz, $3::bigint)");
  });

  it("is the same for rows that are all there", () => {
    const first = pageOfAll(rows, { sort: "-due", limit: 2 }, table, "due");
    expect(first.items.map(({ id }) => id)).toEqual([3, 2]);
    const second = pageOfAll(rows, { sort: "-due", limit: 2, cursor: first.next ?? "" }, table, "due");
    expect(second.items.map(({ id }) => id)).toEqual([1]);
    expect(second.next).toBeNull();
    expect(() => pageOfAll(rows, { sort: "due", cursor: first.next ?? "" }, table, "due")).toThrow(ProblemError);
  });

  it.each(["id; drop table task", "toString", "--due", ""])("refuses %j, which no table names", (sort) => {
    expect(() => sortOf({ sort: sort as "due" }, table, "due")).toThrow(ProblemError);
  });
});
