import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, told, versionOf } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";
import type { Order, OrderStatus } from "../../../shared/data/orders";
import type { Product } from "../../../shared/data/products";
import { after, following } from "./pages";

export type NewProduct = Schemas["NewProduct"];
export type ProductChange = Schemas["ProductChange"];
export type Money = Schemas["Money"];

const PAGE = 50;

export function catalogueQuery(query: string) {
  const asked = { limit: PAGE, ...(query === "" ? {} : { query }) };
  return infiniteQueryOptions({
    queryKey: ["console", "products", query],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/products", { params: { query: { ...asked, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

/** A product, and which version of it was read. */
export function articleQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "product", id],
    queryFn: async ({ signal }) => {
      const asked = api.GET("/products/{id}", { params: { path: { id } }, signal });
      const product = await told(asked);
      return { product, version: versionOf((await asked).response) };
    },
  });
}

export function addProduct(product: NewProduct): Promise<Product> {
  return told(api.POST("/products", { body: product }));
}

/** Changes it, unless somebody else has since that version; tells the next one. */
export async function changeProduct(id: string, version: string | null, change: ProductChange) {
  const params = { path: { id }, header: version === null ? {} : { "If-Match": version } };
  const asked = api.PATCH("/products/{id}", { params, body: change });
  const product = await told(asked);
  return { product, version: versionOf((await asked).response) };
}

/** Under a key, so that a second click does not count the same crate twice. */
export function changeStock(id: string, change: Schemas["StockChange"], key: string): Promise<Product> {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  return told(api.POST("/products/{id}/stock", { params, body: change }));
}

export interface OrderFilter {
  status?: OrderStatus;
  customer_id?: string;
}

/** Everybody's orders, the newest first. */
export function allOrdersQuery(filter: OrderFilter) {
  return infiniteQueryOptions({
    queryKey: ["console", "orders", filter],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/orders", { params: { query: { ...filter, limit: PAGE, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

export interface PaymentFilter {
  order_id?: string;
  customer_id?: string;
}

/** Everybody's payments, the newest first. */
export function allPaymentsQuery(filter: PaymentFilter) {
  return infiniteQueryOptions({
    queryKey: ["payments", "all", filter],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/payments", { params: { query: { ...filter, limit: PAGE, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

export function shipOrder(id: string, shipment: Schemas["ShipOrder"], key: string): Promise<Order> {
  const headers = { "Idempotency-Key": key };
  return told(api.POST("/orders/{id}/ship", { params: { path: { id } }, body: shipment, headers }));
}

export function deliverOrder(id: string): Promise<Order> {
  return told(api.POST("/orders/{id}/deliver", { params: { path: { id } }, body: {} }));
}

/** Under a key, so that a second click gives nothing back twice. */
export function refund(paymentId: string, wanted: Schemas["NewRefund"], key: string): Promise<Schemas["Refund"]> {
  const params = { path: { id: paymentId }, header: { "Idempotency-Key": key } };
  return told(api.POST("/payments/{id}/refunds", { params, body: wanted }));
}

export function customersQuery(query: string) {
  const asked = { limit: PAGE, ...(query === "" ? {} : { query }) };
  return infiniteQueryOptions({
    queryKey: ["console", "customers", query],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/customers", { params: { query: { ...asked, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

export function overviewQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "overview", id],
    queryFn: ({ signal }) => told(api.GET("/customers/{id}/overview", { params: { path: { id } }, signal })),
  });
}
