import { expect, test } from "vitest";
import { versionOf } from "./client";

test("a version is the same, whether its answer was packed on the way or not", () => {
  const tagged = (tag: string) => versionOf(new Response(null, { headers: { ETag: tag } }));
  expect(tagged('W/"3"')).toBe('"3"');
  expect(tagged('"3"')).toBe('"3"');
  expect(versionOf(new Response(null))).toBeNull();
});
