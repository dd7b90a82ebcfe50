import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { follow, type ServerEvent } from "../../shared/api/sse";
import { type Order, orderQuery, paymentsOfOrderQuery } from "../../shared/data/orders";
import { isMoving } from "./order-actions";

/** Refunds are not told on the order's stream, so a pending one is asked about. */
const REFUND_POLL_MS = 1_500;
/** The stream tells at once what happens; where it is late, an order is asked about all the same. */
const PENDING_POLL_MS = 5_000;
const MOVING_POLL_MS = 30_000;

/** An order that moves by itself. */
export function useLiveOrder(id: string) {
  const queries = useQueryClient();
  const found = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state }) => pollOf(state.data),
  });
  const isWatched = found.data !== undefined && isMoving(found.data);
  // The stream is a connection, which has a beginning and an end.
  useEffect(() => {
    if (!isWatched) {
      return;
    }
    const end = new AbortController();
    void follow(`/orders/${id}/events`, (event) => take(queries, id, event), end);
    return () => end.abort();
  }, [id, isWatched, queries]);
  return { ...found, isWatched };
}

/** How often it is asked about; not at all once nothing more happens to it, or while nobody looks. */
export function pollOf(order: Order | undefined): number | false {
  if (order === undefined || !isMoving(order)) {
    return false;
  }
  if (order.refund === "requested") {
    return REFUND_POLL_MS;
  }
  return order.status === "pending" ? PENDING_POLL_MS : MOVING_POLL_MS;
}

/** Events may come late or twice: what is newer stays. */
export function take(queries: QueryClient, id: string, event: ServerEvent): void {
  const told = orderOf(event);
  if (told?.id !== id) {
    return;
  }
  const { queryKey } = orderQuery(id);
  queries.setQueryData(queryKey, (known) => (known === undefined || isNewer(told, known) ? told : known));
  void queries.invalidateQueries({ queryKey: paymentsOfOrderQuery(id).queryKey });
  void queries.invalidateQueries({ queryKey: ["transactions"] });
  void queries.invalidateQueries({ queryKey: ["orders"] });
}

function isNewer(told: Order, known: Order): boolean {
  return told.history.length > known.history.length;
}

function orderOf({ data }: ServerEvent): Order | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === "object" && event !== null && "data" in event ? (event.data as Order) : undefined;
  } catch {
    return undefined;
  }
}
