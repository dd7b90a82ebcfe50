import { expect, test } from "vitest";
import { de } from "./de";
import { words as deConsole } from "./de/console";
import { en } from "./en";
import { words as enConsole } from "./en/console";
import { formatter } from "./format";

test("money is written as its currency and the reader's language want it", () => {
  expect(formatter("en").money({ amount: 4990, currency: "EUR" })).toBe("€49.90");
  expect(formatter("de").money({ amount: 123456, currency: "EUR" })).toBe("1.234,56\u00a0€");
  expect(formatter("en").money({ amount: 4990, currency: "JPY" })).toBe("JP¥4,990");
});

test("no language leaves anything out, or unsaid", () => {
  const said = (words: object): string[] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === "object" ? said(value).map((inner) => `${key}.${inner}`) : [`${key}:${typeof value}`],
    );
  expect(said(de)).toEqual(said(en));
  expect(said(deConsole).sort()).toEqual(said(enConsole).sort());
});
