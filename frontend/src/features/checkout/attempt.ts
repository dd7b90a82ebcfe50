import type { Schemas } from "../../shared/api/problem";

export type PlaceOrder = Schemas["PlaceOrder"];

/** One will to buy. Whatever becomes of the connection or the page, it goes out under the same key. */
export interface Attempt {
  key: string;
  body: PlaceOrder;
  at: number;
}

const KEPT = "attempt";
/** The system remembers keys for a day at least; one that it may have forgotten must not go out again. */
const LIFE_MS = 20 * 60 * 60 * 1_000;

/** Begins an attempt, unless one is under way: then it is that one. */
export function beginAttempt(body: PlaceOrder): Attempt {
  const open = openAttempt(body.customer_id);
  if (open !== null) {
    return open;
  }
  const attempt = { key: crypto.randomUUID(), body, at: Date.now() };
  localStorage.setItem(KEPT, JSON.stringify(attempt));
  return attempt;
}

/** The attempt of which the end is not known, if there is one. */
export function openAttempt(customerId: string): Attempt | null {
  const attempt = read();
  const isOurs = attempt?.body.customer_id === customerId && Date.now() - attempt.at < LIFE_MS;
  return isOurs ? attempt : null;
}

/** It has come to its end, and the next one is another. */
export function endAttempt(attempt: Attempt): void {
  if (read()?.key === attempt.key) {
    localStorage.removeItem(KEPT);
  }
}

function read(): Attempt | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return isAttempt(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isAttempt(value: unknown): value is Attempt {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { key, body, at } = value as Partial<Attempt>;
  return typeof key === "string" && typeof at === "number" && typeof body?.customer_id === "string";
}
