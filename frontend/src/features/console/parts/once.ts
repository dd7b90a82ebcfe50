import { useRef } from "react";
import { ApiError, hasName } from "../../../shared/api/problem";

/** Answers that settle nothing under a key: the bus takes it again, also with what was mended. */
const PASSING = [400, 401, 403, 406, 408, 413, 415, 422, 429];

/** Does work under a key, the same one until there is a clear answer: a second try after silence does nothing twice. */
export function useOnce(): <T>(work: (key: string) => Promise<T>) => Promise<T> {
  const key = useRef(crypto.randomUUID());
  return async (work) => {
    try {
      const done = await work(key.current);
      key.current = crypto.randomUUID();
      return done;
    } catch (error) {
      if (isClear(error)) {
        key.current = crypto.randomUUID();
      }
      throw error;
    }
  };
}

/** Whether it says what became of the first try, or that the key can't be used for this at all. */
function isClear(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.problem.status >= 500 || error.retryAfter !== null) {
    return false;
  }
  if (hasName(error, "idempotency-mismatch")) {
    return true;
  }
  return !hasName(error, "request-in-progress") && !PASSING.includes(error.problem.status);
}
