import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { Schemas } from "../api/problem";

export type Order = Schemas["Order"];
export type OrderStatus = Schemas["OrderStatus"];
export type Payment = Schemas["Payment"];
export type Transaction = Schemas["Transaction"];

const PAGE = 20;

interface Page {
  next_cursor?: string | null;
}

const next = (page: Page) => page.next_cursor ?? null;

/** The customer's orders, the newest first. */
export function ordersQuery(customerId: string, status: OrderStatus | null) {
  const filter = { customer_id: customerId, limit: PAGE, ...(status === null ? {} : { status }) };
  return infiniteQueryOptions({
    queryKey: ["orders", customerId, status],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/orders", { params: { query: { ...filter, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: next,
  });
}

export function orderQuery(id: string) {
  return queryOptions({
    queryKey: ["order", id],
    queryFn: ({ signal }) => told(api.GET("/orders/{id}", { params: { path: { id } }, signal })),
  });
}

export function paymentsOfOrderQuery(orderId: string) {
  return queryOptions({
    queryKey: ["payments", "order", orderId],
    queryFn: ({ signal }) => told(api.GET("/payments", { params: { query: { order_id: orderId } }, signal })),
  });
}

/** All that was paid and given back, the newest first. */
export function paymentsQuery(customerId: string) {
  return infiniteQueryOptions({
    queryKey: ["payments", "customer", customerId],
    queryFn: ({ pageParam, signal }) =>
      told(
        api.GET("/payments", {
          params: { query: { customer_id: customerId, limit: PAGE, ...after(pageParam) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: next,
  });
}

export function transactionsQuery(paymentId: string) {
  return queryOptions({
    queryKey: ["transactions", paymentId],
    queryFn: ({ signal }) =>
      told(api.GET("/payments/{id}/transactions", { params: { path: { id: paymentId } }, signal })),
  });
}

export function cancelOrder(id: string, reason: string, key: string): Promise<Order> {
  const body = reason === "" ? {} : { reason };
  const headers = { "Idempotency-Key": key };
  return told(api.POST("/orders/{id}/cancel", { params: { path: { id } }, body, headers }));
}

function after(cursor: string | null) {
  return cursor === null ? {} : { cursor };
}
