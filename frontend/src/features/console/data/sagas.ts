import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";
import { after, following } from "./pages";

export type Saga = Schemas["Saga"];
export type SagaState = Schemas["SagaState"];
/** With what went in, and what came out. */
export type SagaDetail = Schemas["SagaDetail"];
export type Step = SagaDetail["steps"][number];

/** What an operator must look at comes first. */
export const SAGA_STATES: SagaState[] = ["stuck", "compensating", "running", "compensated", "completed"];

export interface SagaFilter {
  state?: SagaState;
  subject?: string;
}

export function sagasQuery(filter: SagaFilter) {
  return infiniteQueryOptions({
    queryKey: ["console", "sagas", filter],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/esb/sagas", { params: { query: { ...filter, limit: 50, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

export const sagaSummaryQuery = queryOptions({
  queryKey: ["console", "sagas", "summary"],
  queryFn: ({ signal }) => told(api.GET("/esb/sagas/summary", { signal })),
});

export function sagaQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "saga", id],
    queryFn: ({ signal }) => told(api.GET("/esb/sagas/{id}", { params: { path: { id } }, signal })),
  });
}

export function retrySaga(id: string) {
  return told(api.POST("/esb/sagas/{id}/retry", { params: { path: { id } } }));
}

export function cancelSaga(id: string, reason: string) {
  const body = reason === "" ? {} : { reason };
  return told(api.POST("/esb/sagas/{id}/cancel", { params: { path: { id } }, body }));
}
