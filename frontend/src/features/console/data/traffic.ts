import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";

export type Traffic = Schemas["Traffic"];
export type Series = Schemas["Series"];
export type Saturation = Schemas["Saturation"];

export const QUARTER_S = 900;
const MINUTE_S = 60;

/** How much passed, step by step. */
export function trafficQuery(seconds: number) {
  return queryOptions({
    queryKey: ["console", "traffic", seconds],
    // Another range takes the place of the one before once it is there.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => told(api.GET("/esb/traffic", { params: { query: { seconds } }, signal })),
  });
}

export interface Figures {
  requests: number;
  refused: number;
  failed: number;
  /** A second, over the last minute. */
  rate: number;
  /** Of the last minute in which something passed. */
  p50: number | null;
  p95: number | null;
}

/** What a series says in a line. */
export function figuresOf(series: Series, stepSeconds: number): Figures {
  const steps = Math.max(1, Math.round(MINUTE_S / stepSeconds));
  return {
    requests: sum(series.requests),
    refused: sum(series.refused),
    failed: sum(series.failed),
    rate: sum(series.requests.slice(-steps)) / (steps * stepSeconds),
    p50: last(series.p50_ms),
    p95: last(series.p95_ms),
  };
}

/** The figures of each by its name; what nothing is known of is missing. */
export function figuresByName(series: Series[], stepSeconds: number): Map<string, Figures> {
  return new Map(series.map((one) => [one.name, figuresOf(one, stepSeconds)]));
}

/** Several as one: counts add up; of latencies the worst is told, since percentiles can't be added. */
export function together(name: string, all: Series[]): Series {
  const length = Math.max(0, ...all.map(({ requests }) => requests.length));
  const steps = Array.from({ length }, (_, step) => step);
  const added = (of: (one: Series) => number[]) => steps.map((step) => sum(all.map((one) => of(one)[step] ?? 0)));
  const worst = (of: (one: Series) => (number | null)[]) =>
    steps.map((step) => most(all.map((one) => of(one)[step] ?? null)));
  return {
    name,
    requests: added((one) => one.requests),
    refused: added((one) => one.refused),
    failed: added((one) => one.failed),
    p50_ms: worst((one) => one.p50_ms),
    p95_ms: worst((one) => one.p95_ms),
    p99_ms: worst((one) => one.p99_ms),
  };
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export function most(values: (number | null)[]): number | null {
  return values.reduce((top, one) => (one !== null && (top === null || one > top) ? one : top), null);
}

export function last(values: (number | null)[]): number | null {
  return values.findLast((one) => one !== null) ?? null;
}
