import { queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import { whole } from "./pages";

interface Part {
  name: string;
  from: string;
  pick?: string;
  essential: boolean;
  timeout_ms: number;
}

export type Stage = { "json-to-xml": { schema: string } } | { "xml-to-json": { schema: string } };

export type Target =
  | { service: string }
  | { saga: string }
  | { outcome: string }
  | { queue: string }
  | { gather: Part[] };

/** Where messages come from. */
export const DOORS = ["http", "amqp", "soap", "event"] as const;

/** A route as it is written in its file. */
export interface Route {
  name: string;
  file: string;
  from: Partial<Record<(typeof DOORS)[number], string>>;
  via?: Stage[];
  to: Target;
  allow: string[];
  retry: string;
  rate: string;
  format: string;
  body_max_bytes?: number;
  timeout_ms?: number;
  prefetch?: number;
}

export const routesQuery = queryOptions({
  queryKey: ["console", "routes"],
  queryFn: async ({ signal }) => {
    const items = await whole((query) => told(api.GET("/esb/routes", { params: { query }, signal })));
    // The document calls a route an object and says no more: it is the file's own words.
    return items as unknown as Route[];
  },
});

/** Where a route leads, in one line. */
export function targetOf({ to }: Route): { kind: string; name: string } {
  if ("gather" in to) {
    return { kind: "gather", name: to.gather.map(({ name }) => name).join(" + ") };
  }
  const [kind = "", name = ""] = Object.entries(to)[0] ?? [];
  return { kind, name: String(name) };
}

/** The services that a route asks. */
export function servicesOf({ to }: Route): string[] {
  const asked = "gather" in to ? to.gather.map(({ from }) => from) : "service" in to ? [to.service] : [];
  return [...new Set(asked.map((path) => path.split(" ")[0] ?? ""))];
}

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What comes, of which one asks whose it is. */
export interface Incoming {
  method?: string;
  path?: string;
  key?: string;
  operation?: string;
  event?: string;
}

/** The route that takes it; an error 404 where none does. */
export function matchQuery(incoming: Incoming) {
  return queryOptions({
    queryKey: ["console", "routes", "match", incoming],
    queryFn: async ({ signal }) => {
      const { route, parameters } = await told(api.GET("/esb/routes/match", { params: { query: incoming }, signal }));
      return { route: route as unknown as Route, parameters };
    },
  });
}

/** Whether a route has this text in its name, its doors or its target, in any case. */
export function mentions(route: Route, text: string): boolean {
  const doors = Object.values(route.from).join(" ");
  return `${route.name} ${doors} ${JSON.stringify(route.to)}`.toLowerCase().includes(text.toLowerCase());
}
