import { expect, test } from "vitest";
import { eventParser, type ServerEvent } from "./sse";

const STREAM =
  'retry: 1000\n\n: still here\n\nevent: order.created\nid: 7\ndata: {"a":1}\n\nid: 8\r\ndata: one\r\ndata: two\r\n\r\n';

function parsed(pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const parse = eventParser((event) => events.push(event));
  pieces.forEach(parse);
  return events;
}

const EVENTS = [
  { id: "7", type: "order.created", data: '{"a":1}' },
  { id: "8", type: "message", data: "one\ntwo" },
];

test("comments and pauses are no events", () => {
  expect(parsed([STREAM])).toEqual(EVENTS);
});

test("a stream may be cut anywhere", () => {
  for (let cut = 1; cut < STREAM.length; cut++) {
    expect(parsed([STREAM.slice(0, cut), STREAM.slice(cut)]), `cut at ${cut}`).toEqual(EVENTS);
  }
});

test("an event that has not ended yet is not told", () => {
  expect(parsed(["data: half\n"])).toEqual([]);
});
