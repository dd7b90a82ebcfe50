import { type Series, type Traffic, together } from "../data/traffic";

/** One line of a chart. */
export interface Line {
  name: string;
  values: (number | null)[];
  tone: "accent" | "warn" | "danger" | "clay";
  dash?: number[];
}

export const RANGES = [300, 3_600, 86_400] as const;
export type Range = (typeof RANGES)[number];

export const ALL = "all";

/** The range that an address asks for. */
export function rangeOf(said: string | null): Range {
  return RANGES.find((one) => String(one) === said) ?? RANGES[0];
}

/** What an address asks for: `route:place-order`, `service:order-service`, or everything. */
export function chosenOf(traffic: Traffic, of: string): Series {
  const [kind, name] = [of.slice(0, of.indexOf(":")), of.slice(of.indexOf(":") + 1)];
  const among = kind === "route" ? traffic.routes : kind === "service" ? traffic.services : null;
  if (among === null) {
    return together(ALL, traffic.routes);
  }
  const found = among.filter((one) => one.name === name);
  // Something that nothing has passed yet is not told of; it has as many steps as the rest.
  return found.length > 0 ? together(name, found) : together(name, traffic.routes.map(emptied));
}

function emptied(series: Series): Series {
  const none = series.requests.map(() => null);
  const zero = series.requests.map(() => 0);
  return { name: series.name, requests: zero, refused: zero, failed: zero, p50_ms: none, p95_ms: none, p99_ms: none };
}

/** When each step ended, in seconds. */
export function timesOf({ ends_at, step_seconds }: Traffic, count: number): number[] {
  const end = new Date(ends_at).getTime() / 1_000;
  return Array.from({ length: count }, (_, index) => end - (count - 1 - index) * step_seconds);
}

/** Counts of a step become so many a second. */
export function perSecond(counts: number[], stepSeconds: number): number[] {
  return counts.map((count) => count / stepSeconds);
}
