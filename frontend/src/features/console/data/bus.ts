import { queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";

export type ServiceInstance = Schemas["ServiceInstance"];

export const servicesQuery = queryOptions({
  queryKey: ["console", "services"],
  queryFn: ({ signal }) => told(api.GET("/esb/services", { signal })),
});
