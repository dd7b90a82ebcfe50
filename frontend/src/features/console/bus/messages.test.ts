import { expect, test } from "vitest";
import { fits, type MessageSummary, messageFilter, messageOf } from "../data/messages";
import { whole } from "../data/pages";
import { indentXml } from "../kit/json-view";

const message: MessageSummary = {
  id: "m1",
  at: "2026-03-01T10:00:00Z",
  route: "read-order",
  door: "http",
  operation: "GET /orders/42",
  status: 200,
  outcome: "done",
  elapsed_us: 1_200,
  request_id: "r1",
  trace_id: "t1",
  caller: "customer:c1",
};

test("what an address says wrongly is not looked for", () => {
  expect(messageFilter({ door: "window", outcome: "done", status: "abc" })).toEqual({ outcome: "done" });
  expect(messageFilter({ status: "0x99" })).toEqual({});
  expect(messageFilter({ door: "soap", status: "409" })).toEqual({ door: "soap", status: 409 });
});

test("a message that passes is shown where it fits every filter", () => {
  expect(fits(message, {})).toBe(true);
  expect(fits(message, { route: "read-order", status: 200, text: "ORDERS/42" })).toBe(true);
  expect(fits(message, { text: "customer:c1" })).toBe(true);
  expect(fits(message, { route: "read-order", status: 404 })).toBe(false);
  expect(fits(message, { trace_id: "t1" })).toBe(true);
  expect(fits(message, { trace_id: "t2" })).toBe(false);
  expect(fits(message, { text: "orders/43" })).toBe(false);
});

test("of the stream only messages are taken, and nothing that can't be read", () => {
  const event = { id: "1", type: "message", data: JSON.stringify(message) };
  expect(messageOf(event)).toEqual(message);
  expect(messageOf({ ...event, type: "saga" })).toBeUndefined();
  expect(messageOf({ ...event, data: "{" })).toBeUndefined();
});

test("XML is set in lines, deeper elements further in", () => {
  const xml = '<?xml version="1.0"?><order><id>7</id><items><item/></items></order>';
  const lines = [
    '<?xml version="1.0"?>',
    "<order>",
    "  <id>7</id>",
    "  <items>",
    "    <item/>",
    "  </items>",
    "</order>",
  ];
  expect(indentXml(xml).split("\n")).toEqual(lines);
});

test("a list is read to its last page", async () => {
  const pages: Record<string, { items: number[]; next_cursor: string | null }> = {
    first: { items: [1, 2], next_cursor: "b" },
    b: { items: [], next_cursor: "c" },
    c: { items: [3], next_cursor: null },
  };
  const asked: object[] = [];
  const items = await whole(async (query) => {
    asked.push(query);
    return pages[query.cursor ?? "first"] ?? { items: [], next_cursor: null };
  });
  expect(items).toEqual([1, 2, 3]);
  expect(asked).toEqual([{ limit: 100 }, { limit: 100, cursor: "b" }, { limit: 100, cursor: "c" }]);
});
