import { queryOptions } from "@tanstack/react-query";
import { api, BASE, told } from "../../../shared/api/client";
import { readApi } from "../schema/document";
import { isObject } from "../schema/json";
import { whole } from "./pages";

/** What the bus says of itself right now, services that have joined it included. */
export const descriptionQuery = queryOptions({
  queryKey: ["console", "description"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const answer = await fetch(`${BASE}/openapi.json`, { signal });
    if (!answer.ok) {
      throw new Error(`openapi.json: ${answer.status}`);
    }
    return readApi(await answer.json());
  },
});

/** By which names a route is reached. */
export interface Doors {
  route: string;
  http?: string;
  amqp?: string;
  soap?: string;
}

export const doorsQuery = queryOptions({
  queryKey: ["console", "doors"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const items = await whole((query) => told(api.GET("/esb/routes", { params: { query }, signal })));
    return items.flatMap((entry) => doorsOf(entry));
  },
});

function doorsOf(entry: unknown): Doors[] {
  if (!isObject(entry) || typeof entry.name !== "string" || !isObject(entry.from)) {
    return [];
  }
  const { from } = entry;
  const named = (["http", "amqp", "soap"] as const).flatMap((door) => {
    const value = from[door];
    return typeof value === "string" ? [[door, value]] : [];
  });
  return [{ route: entry.name, ...Object.fromEntries(named) }];
}
