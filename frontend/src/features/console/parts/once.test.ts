import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { ApiError, ConnectionLost } from "../../../shared/api/problem";
import { useOnce } from "./once";

test("a key is kept until there is a clear answer", async () => {
  const { result } = renderHook(() => useOnce());
  const keys: string[] = [];
  const ask = (error: Error | null) =>
    result
      .current((key) => {
        keys.push(key);
        return error === null ? Promise.resolve() : Promise.reject(error);
      })
      .catch(() => undefined);
  const problem = (status: number) => new ApiError({ type: "x", title: "x", status, detail: "x" }, null);
  for (const error of [new ConnectionLost(), problem(503), problem(409), null, null]) {
    await ask(error);
  }
  const [first, second, third, fourth, fifth] = keys;
  expect([second, third]).toEqual([first, first]);
  expect(new Set([third, fourth, fifth]).size).toBe(3);
});
