import { useSyncExternalStore } from "react";
import type { Schemas } from "../api/problem";

type Money = Schemas["Money"];

export interface CartLine {
  productId: string;
  quantity: number;
  /** What it cost when it was put in. */
  seen: Money;
}

const KEY = "cart";
export const QUANTITY_MAX = 1_000;

/** The cart: kept by the browser, and the same in every tab. */
export class CartStore {
  private lines: readonly CartLine[];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly storage: Storage) {
    this.lines = read(storage);
    addEventListener("storage", (event) => {
      if (event.key === KEY || event.key === null) {
        this.lines = read(storage);
        this.tell();
      }
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): readonly CartLine[] => this.lines;

  add({ productId, quantity, seen }: CartLine): void {
    const known = this.lines.find((line) => line.productId === productId);
    if (known === undefined) {
      this.keep([...this.lines, { productId, quantity, seen }]);
    } else {
      this.change(productId, { quantity: known.quantity + quantity, seen });
    }
  }

  change(productId: string, change: Partial<Omit<CartLine, "productId">>): void {
    const changed = this.lines.map((line) => (line.productId === productId ? { ...line, ...change } : line));
    this.keep(changed.map((line) => ({ ...line, quantity: Math.min(Math.max(line.quantity, 1), QUANTITY_MAX) })));
  }

  remove(productId: string): void {
    this.keep(this.lines.filter((line) => line.productId !== productId));
  }

  /** What was ordered is no longer in it; what came meanwhile stays. */
  takeOut(ordered: { product_id: string; quantity: number }[]): void {
    const left = (line: CartLine) => {
      const taken = ordered.find(({ product_id }) => product_id === line.productId)?.quantity ?? 0;
      return { ...line, quantity: line.quantity - taken };
    };
    this.keep(this.lines.map(left).filter(({ quantity }) => quantity > 0));
  }

  clear(): void {
    this.keep([]);
  }

  private keep(lines: readonly CartLine[]): void {
    this.lines = lines;
    this.storage.setItem(KEY, JSON.stringify(lines));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

function read(storage: Storage): CartLine[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isLine) : [];
  } catch {
    // What another version or a hand left there is no cart.
    return [];
  }
}

function isLine(value: unknown): value is CartLine {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { productId, quantity, seen } = value as Partial<CartLine>;
  const isCount = Number.isInteger(quantity) && Number(quantity) >= 1 && Number(quantity) <= QUANTITY_MAX;
  return (
    typeof productId === "string" && isCount && Number.isInteger(seen?.amount) && typeof seen?.currency === "string"
  );
}

export const cart = new CartStore(localStorage);

export function useCart(): readonly CartLine[] {
  return useSyncExternalStore(cart.subscribe, cart.current);
}
