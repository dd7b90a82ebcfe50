import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../shared/api/problem";

const ATTEMPTS_MAX = 3;
const FRESH_MS = 10_000;

/** What the system refused is not asked again; what it could not answer is. */
export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        networkMode: "always",
        retry: (failures, error) =>
          failures < ATTEMPTS_MAX && !(error instanceof ApiError && error.problem.status < 500),
      },
    },
  });
}
