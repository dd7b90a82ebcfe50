import { useRef } from "react";
import { ApiError } from "../../../shared/api/problem";

/** Does work under a key, the same one until there is a clear answer: a second try after silence does nothing twice. */
export function useOnce(): <T>(work: (key: string) => Promise<T>) => Promise<T> {
  const key = useRef(crypto.randomUUID());
  return async (work) => {
    try {
      const done = await work(key.current);
      key.current = crypto.randomUUID();
      return done;
    } catch (error) {
      if (error instanceof ApiError && error.problem.status < 500) {
        key.current = crypto.randomUUID();
      }
      throw error;
    }
  };
}
