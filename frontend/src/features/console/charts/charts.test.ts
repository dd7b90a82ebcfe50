import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOf, type Series, type Traffic, together } from "../data/traffic";
import { INKS } from "./inks";
import { chosenOf, perSecond, rangeOf, timesOf } from "./lines";

function series(name: string, change: Partial<Series> = {}): Series {
  const known = { requests: [0, 10, 20], refused: [0, 1, 0], failed: [0, 0, 2] };
  return { name, ...known, p50_ms: [null, 3, 4], p95_ms: [null, 9, null], p99_ms: [null, 12, 30], ...change };
}

const traffic: Traffic = {
  ends_at: "2026-03-01T10:00:00Z",
  step_seconds: 5,
  routes: [series("read-order"), series("place-order", { requests: [2, 0, 0], p95_ms: [80, null, null] })],
  services: [series("order-service")],
  saturation: [],
};

test("of everything counts add up and the worst latency is told", () => {
  const all = chosenOf(traffic, "all");
  expect(all.requests).toEqual([2, 10, 20]);
  expect(all.p95_ms).toEqual([80, 9, null]);
});

test("a route or a service is found by its name; one that nothing has passed has nothing", () => {
  expect(chosenOf(traffic, "route:place-order").requests).toEqual([2, 0, 0]);
  expect(chosenOf(traffic, "service:order-service").failed).toEqual([0, 0, 2]);
  const nothing = chosenOf(traffic, "route:ship-order");
  expect(nothing.requests).toEqual([0, 0, 0]);
  expect(nothing.p95_ms).toEqual([null, null, null]);
});

test("each step has its time, the last ends at the end", () => {
  const end = Date.parse("2026-03-01T10:00:00Z") / 1_000;
  expect(timesOf(traffic, 3)).toEqual([end - 10, end - 5, end]);
  expect(perSecond([0, 10], 5)).toEqual([0, 2]);
});

test("a line tells all there were, how often now, and the last latency that is known", () => {
  const told = figuresOf(series("x"), 5);
  expect(told).toEqual({ requests: 30, refused: 1, failed: 2, rate: 0.5, p50: 4, p95: 9 });
  expect(figuresOf(together("none", []), 5)).toMatchObject({ requests: 0, p95: null });
});

test("an address that asks for no range we have gets the shortest", () => {
  expect(rangeOf("3600")).toBe(3_600);
  expect(rangeOf("12")).toBe(300);
});

test("a canvas is drawn with the colours of the theme", () => {
  const theme = readFileSync("src/theme.css", "utf8");
  for (const [name, { light, dark }] of Object.entries(INKS)) {
    expect(theme, name).toContain(`--color-${name}: light-dark(${light}, ${dark});`);
  }
});
