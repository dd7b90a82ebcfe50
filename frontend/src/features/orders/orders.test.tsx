import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { orderQuery } from "../../shared/data/orders";
import { en } from "../../shared/i18n/en";
import { show } from "../../testing/show";
import { order, payment } from "../../testing/things";
import { CancelOrder } from "./cancel-order";
import { isBehind, settledLog } from "./money-card";
import { isMoving, mayCancel } from "./order-actions";
import { OrderTimeline, reasonOf } from "./order-timeline";
import { pollOf, take } from "./watch-order";

const AT = "2026-03-01T10:00:00Z";

test("an order can be cancelled until it ships, and the button says why not", () => {
  expect(mayCancel(order({ status: "pending" }), en)).toEqual({ allowed: true });
  expect(mayCancel(order({ status: "confirmed" }), en)).toEqual({ allowed: true });
  show(<CancelOrder order={order({ status: "shipped" })} />);
  const button = screen.getByRole("button", { name: "Cancel order" });
  expect(button).toBeDisabled();
  expect(button).toHaveAccessibleDescription("It has been shipped, so it can no longer be cancelled.");
});

test("an order moves until it is delivered, or cancelled with its money back", () => {
  expect(isMoving(order({ status: "confirmed" }))).toBe(true);
  expect(isMoving(order({ status: "delivered" }))).toBe(false);
  expect(isMoving(order({ status: "cancelled", refund: "requested" }))).toBe(true);
  expect(isMoving(order({ status: "cancelled", refund: "full" }))).toBe(false);
});

test("an order is asked about the more often the sooner it may change, and never once it is over", () => {
  const polls = [
    order({ status: "cancelled", refund: "requested" }),
    order({ status: "pending" }),
    order({ status: "shipped" }),
  ].map(pollOf);
  expect(polls).toEqual([...polls].sort((one, other) => Number(one) - Number(other)));
  expect(pollOf(order({ status: "delivered" }))).toBe(false);
  expect(pollOf(undefined)).toBe(false);
});

test("payments are asked about until they say what the order says", () => {
  const refunded = order({ status: "cancelled", refund: "full" });
  expect(isBehind(refunded, [payment()])).toBe(true);
  expect(isBehind(refunded, [payment({ status: "refunded" })])).toBe(false);
  expect(isBehind(order({ status: "delivered" }), [payment()])).toBe(false);
});

test("what was begun is not listed beside its end", () => {
  const entry = { id: "t", amount: { amount: 1, currency: "EUR" }, at: AT };
  const begun = { ...entry, kind: "charge" as const, outcome: "pending" as const };
  const done = { ...entry, kind: "charge" as const, outcome: "succeeded" as const };
  const refund = { ...entry, kind: "refund" as const, outcome: "pending" as const };
  expect(settledLog([begun, done, refund])).toEqual([done, refund]);
});

test("an event that comes late does not take an order back", () => {
  const queries = show(null);
  const { queryKey } = orderQuery("o1");
  const old = order({ history: [{ status: "pending", at: AT, by: "customer:c1" }] });
  const now = order({
    status: "shipped",
    history: [...old.history, { status: "confirmed", at: AT, by: "client:esb" }],
  });
  const event = (data: unknown) => ({ id: "1", type: "order.changed", data: JSON.stringify({ data }) });
  take(queries, "o1", event(now));
  take(queries, "o1", event(old));
  take(queries, "o1", event(order({ id: "another" })));
  take(queries, "o1", { id: "2", type: "order.changed", data: "nonsense" });
  expect(queries.getQueryData(queryKey)).toEqual(now);
});

test("the timeline shows the newest first, and people's reasons as they are", () => {
  const cancelled = { status: "cancelled" as const, at: AT, by: "customer:c1", reason: "wrong colour" };
  show(<OrderTimeline order={order({ history: [{ status: "pending", at: AT, by: "customer:c1" }, cancelled] })} />);
  const entries = screen.getAllByRole("listitem").map((entry) => entry.textContent);
  expect(entries[0]).toMatch(/^Cancelled.*by you.*wrong colour$/);
  expect(entries[1]).toMatch(/^Order placed/);
});

test("the system's reasons are put into the reader's words", () => {
  const entry = { status: "cancelled" as const, at: AT, by: "client:esb" };
  expect(reasonOf({ ...entry, reason: "payment declined: declined" }, en.orders)).toBe(en.orders.reasons.declined);
  expect(reasonOf({ ...entry, reason: "something internal" }, en.orders)).toBeNull();
});
