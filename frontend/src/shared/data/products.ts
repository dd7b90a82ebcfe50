import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { openApi, told } from "../api/client";
import type { Schemas } from "../api/problem";

export type Product = Schemas["Product"];

const PAGE = 12;

/** The catalogue, or what of it matches, page by page. */
export function productsQuery(query: string) {
  return infiniteQueryOptions({
    queryKey: ["products", query],
    queryFn: ({ pageParam, signal }) =>
      told(openApi.GET("/products", { params: { query: asked(query, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

function asked(query: string, cursor: string | null) {
  return { limit: PAGE, ...(query === "" ? {} : { query }), ...(cursor === null ? {} : { cursor }) };
}

export function productQuery(id: string) {
  return queryOptions({
    queryKey: ["product", id],
    queryFn: ({ signal }) => told(openApi.GET("/products/{id}", { params: { path: { id } }, signal })),
  });
}
