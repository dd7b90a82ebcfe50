import { expect, test, vi } from "vitest";
import type { DeadLetter } from "../../../data/letters";
import { exportLetters, fileName, MOST, type Source } from "./export";

const AT = "2026-03-01T10:00:00Z";

function letter(id: string, change: Partial<DeadLetter> = {}): DeadLetter {
  const plain = { exchange: "esb", routing_key: "order.place", reason: "expired", detail: "too late", attempts: 1 };
  const body = { body: "{}", body_encoding: "utf-8" as const, size: 2, headers: {}, properties: {} };
  const times = { first_at: AT, last_at: AT, created_at: AT, updated_at: AT };
  return { id, state: "waiting", ...plain, ...body, ...times, ...change };
}

/** Pages of these sizes, whose letters are numbered. */
function pagesOf(...sizes: number[]): Source {
  const starts = sizes.map((_, page) => sizes.slice(0, page).reduce((sum, size) => sum + size, 0));
  return {
    page: async (cursor) => {
      const page = Number(cursor ?? 0);
      const items = Array.from({ length: sizes[page] ?? 0 }, (_, index) => letter(`l${(starts[page] ?? 0) + index}`));
      return { items, next_cursor: page + 1 < sizes.length ? String(page + 1) : null };
    },
    whole: () => Promise.reject(new Error("nothing is cut")),
  };
}

const ids = (lines: string[]) => lines.map((line) => JSON.parse(line).id);

test("all pages are written, one letter a line, and one is told how far it is", async () => {
  const told = vi.fn();
  const { lines, count, isCut } = await exportLetters(pagesOf(2, 3, 1), MOST, told);
  expect(ids(lines)).toEqual(["l0", "l1", "l2", "l3", "l4", "l5"]);
  expect([count, isCut]).toEqual([6, false]);
  expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
  expect(told.mock.calls).toEqual([[2], [5], [6]]);
});

test("what is too much is cut, and the file says where", async () => {
  const few = await exportLetters(pagesOf(2, 2), { ...MOST, letters: 3 }, () => {});
  expect([few.count, few.isCut]).toEqual([3, true]);
  expect(ids(few.lines.slice(0, 3))).toEqual(["l0", "l1", "l2"]);
  expect(JSON.parse(few.lines[3] ?? "").note).toContain("3 dead letters");
  const size = JSON.stringify(letter("l0")).length + 1;
  const small = await exportLetters(pagesOf(4), { ...MOST, characters: 2 * size }, () => {});
  expect([small.count, small.isCut]).toEqual([2, true]);
});

test("exactly as many as there may be are not cut", async () => {
  const { count, isCut } = await exportLetters(pagesOf(2, 2), { ...MOST, letters: 4 }, () => {});
  expect([count, isCut]).toEqual([4, false]);
});

test("a letter whose body the list has cut is read whole", async () => {
  const source: Source = {
    page: async () => ({ items: [letter("a"), letter("b", { body_cut: true })], next_cursor: null }),
    whole: async (id) => letter(id, { body: "the whole of it" }),
  };
  const { lines } = await exportLetters(source, MOST, () => {});
  expect(lines.map((line) => JSON.parse(line).body)).toEqual(["{}", "the whole of it"]);
});

test("an export that fails says so instead of keeping half of it", async () => {
  const lost = { ...pagesOf(1, 1), page: () => Promise.reject(new Error("lost")) };
  await expect(exportLetters(lost, MOST, () => {})).rejects.toThrow("lost");
});

test("a file is called by when it was written", () => {
  expect(fileName(new Date("2026-03-01T10:20:30.123Z"))).toBe("dead-letters-2026-03-01T10-20-30Z.jsonl");
});
