import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError, type Problem } from "../../shared/api/problem";
import { cart } from "../../shared/data/cart";
import { type Attempt, beginAttempt, endAttempt, openAttempt, type PlaceOrder } from "./attempt";
import { type Outcome, type Progress, pauseUntilOnline, placeOrder } from "./place-order";

export type Placing =
  | { status: "idle" }
  | { status: "running"; progress: Progress; isResumed: boolean }
  | { status: "refused"; problem: Problem }
  | { status: "failed"; error: unknown };

/** Places orders, and takes up again what a reload cut off. */
export function usePlacing(customerId: string) {
  const [placing, setPlacing] = useState<Placing>({ status: "idle" });
  const underWay = useRef<string | null>(null);
  const queries = useQueryClient();
  const navigate = useNavigate();

  const end = (attempt: Attempt, outcome: Outcome) => {
    endAttempt(attempt);
    void queries.invalidateQueries();
    if (outcome.kind === "refused") {
      setPlacing({ status: "refused", problem: outcome.problem });
      return;
    }
    cart.takeOut(attempt.body.items);
    void navigate(`/orders/${outcome.orderId}`, { replace: true });
  };
  const run = async (attempt: Attempt, isResumed: boolean) => {
    if (underWay.current === attempt.key) {
      return;
    }
    underWay.current = attempt.key;
    const tell = (progress: Progress) => setPlacing({ status: "running", progress, isResumed });
    tell("sending");
    try {
      end(attempt, await placeOrder(attempt, { tell, pause: pauseUntilOnline }));
    } catch (error) {
      setPlacing({ status: "failed", error });
    } finally {
      underWay.current = null;
    }
  };
  // The page may have been reloaded, or closed, while an order was on its way.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => {
    const open = openAttempt(customerId);
    if (open !== null) {
      void run(open, true);
    }
  }, [customerId]);
  return { placing, place: (body: PlaceOrder) => void run(beginAttempt(body), false) };
}

export function problemOfPlacing(placing: Placing): unknown {
  switch (placing.status) {
    case "refused":
      return new ApiError(placing.problem, null);
    case "failed":
      return placing.error;
    case "idle":
    case "running":
      return null;
    default:
      return placing satisfies never;
  }
}
