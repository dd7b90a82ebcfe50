import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { ApiError, ConnectionLost } from "../../../shared/api/problem";
import { useOnce } from "./once";

function refusal(status: number, name = "some", retryAfter: number | null = null): ApiError {
  return new ApiError({ type: `urn:problem:${name}`, title: "x", status, detail: "x" }, retryAfter);
}

/** The keys of work that ends in these ways, one after the other, and the key of what comes next. */
async function keysOf(...ends: (Error | null)[]): Promise<string[]> {
  const { result } = renderHook(() => useOnce());
  const keys: string[] = [];
  for (const end of [...ends, null]) {
    const work = (key: string) => {
      keys.push(key);
      return end === null ? Promise.resolve() : Promise.reject(end);
    };
    await result.current(work).catch(() => undefined);
  }
  return keys;
}

const UNKNOWN: [string, Error][] = [
  ["silence", new ConnectionLost()],
  ["the first try is still under way", refusal(409, "request-in-progress")],
  ["one that says when to come back", refusal(409, "busy", 1)],
  ...[401, 403, 408, 413, 415, 422, 429, 503].map((status): [string, Error] => [String(status), refusal(status)]),
];

test.each(UNKNOWN)("a key is kept where nothing is known of the first try: %s", async (_, error) => {
  const [first, second] = await keysOf(error);
  expect(second).toBe(first);
});

test.each([
  ["done", null],
  ["refused for good", refusal(409, "nothing-to-refund")],
  ["gone", refusal(404, "not-found")],
  ["used for another request", refusal(422, "idempotency-mismatch")],
])("the next work has a key of its own after a clear answer: %s", async (_, end) => {
  const [first, second] = await keysOf(end);
  expect(second).not.toBe(first);
});
