import { useQueries } from "@tanstack/react-query";
import type { Schemas } from "../api/problem";
import { hasName } from "../api/problem";
import { type CartLine, useCart } from "./cart";
import { type Product, productQuery } from "./products";

type Money = Schemas["Money"];

/** What keeps a line from being ordered. */
type Obstacle = { kind: "none" } | { kind: "too-many"; left: number } | { kind: "gone" };

export interface PricedLine {
  line: CartLine;
  product: Product | undefined;
  total: Money;
  obstacle: Obstacle;
}

export interface PricedCart {
  lines: PricedLine[];
  total: Money | null;
  isLoading: boolean;
  error: unknown;
  refresh: () => void;
}

/** The cart with today's prices and stock. */
export function usePricedCart(): PricedCart {
  const lines = useCart();
  const found = useQueries({ queries: lines.map((line) => productQuery(line.productId)) });
  const priced = lines.map((line, index) => price(line, found[index]?.data, found[index]?.error));
  const trouble = found.find(({ data, error }) => data === undefined && error !== null && !hasName(error, "not-found"));
  return {
    lines: priced,
    total: sum(priced),
    isLoading: found.some((query) => query.isPending),
    error: trouble?.error ?? null,
    refresh: () => {
      for (const query of found) {
        void query.refetch();
      }
    },
  };
}

export function price(line: CartLine, product: Product | undefined, error: unknown): PricedLine {
  const each = product?.price ?? line.seen;
  return {
    line,
    product,
    total: { amount: each.amount * line.quantity, currency: each.currency },
    obstacle: obstacle(line, product, error),
  };
}

function obstacle(line: CartLine, product: Product | undefined, error: unknown): Obstacle {
  if (hasName(error, "not-found", "product-not-found") || product?.active === false) {
    return { kind: "gone" };
  }
  if (product !== undefined && product.stock < line.quantity) {
    return { kind: "too-many", left: Math.max(product.stock, 0) };
  }
  return { kind: "none" };
}

/** Nothing for an empty cart, or one in several currencies: such can't be ordered at once. */
export function sum(lines: PricedLine[]): Money | null {
  const [first, ...rest] = lines.map((line) => line.total);
  if (first === undefined || rest.some(({ currency }) => currency !== first.currency)) {
    return null;
  }
  return { amount: rest.reduce((total, { amount }) => total + amount, first.amount), currency: first.currency };
}
