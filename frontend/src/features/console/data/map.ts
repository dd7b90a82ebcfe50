import { queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";
import { whole } from "./pages";

export type BusMap = Schemas["BusMap"];
export type MapNode = BusMap["nodes"][number];
export type MapEdge = BusMap["edges"][number];
export type Queue = Schemas["Queue"];
export type Purpose = Queue["purpose"];
export type Health = MapNode["health"];
export type ServiceInstance = Schemas["ServiceInstance"];

export const mapQuery = queryOptions({
  queryKey: ["console", "map"],
  queryFn: ({ signal }) => told(api.GET("/esb/map", { signal })),
});

export const queuesQuery = queryOptions({
  queryKey: ["console", "queues"],
  queryFn: ({ signal }) => told(api.GET("/esb/queues", { signal })),
});

export const lettersSummaryQuery = queryOptions({
  queryKey: ["console", "dead-letters", "summary"],
  queryFn: ({ signal }) => told(api.GET("/esb/dead-letters/summary", { signal })),
});

export const sagaCountsQuery = queryOptions({
  queryKey: ["console", "sagas", "counts"],
  queryFn: ({ signal }) => told(api.GET("/esb/sagas/summary", { signal })),
});

export const servicesQuery = queryOptions({
  queryKey: ["console", "services"],
  queryFn: ({ signal }) => whole((query) => told(api.GET("/esb/services", { params: { query }, signal }))),
});
