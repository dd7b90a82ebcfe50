import type { Figures } from "../../data/traffic";

/** What passes a station or a link. */
export interface Passing {
  /** A second, over the last minute. */
  rate: number;
  /** In the quarter of an hour that is told of. */
  failed: number;
}

/** What the routes carry together. */
export function passingOf(routes: string[], known: ReadonlyMap<string, Figures>): Passing {
  const told = routes.flatMap((name) => known.get(name) ?? []);
  return {
    rate: told.reduce((total, { rate }) => total + rate, 0),
    failed: told.reduce((total, { failed }) => total + failed, 0),
  };
}
