import { expect, test } from "vitest";
import { words } from "../../../shared/i18n/en/console";
import { order, payment } from "../../../testing/things";
import { may, mayRefund, restOf } from "./may";
import { amountOf, typedOf } from "./money";

const { because } = words.trade;

test("amounts are typed with a point or a comma, in the currency's own unit", () => {
  expect(amountOf("12.50", "EUR")).toBe(1_250);
  expect(amountOf(" 12,5 ", "EUR")).toBe(1_250);
  expect(amountOf("500", "JPY")).toBe(500);
  expect(amountOf("1.005", "EUR")).toBeNull();
  expect(amountOf("1.5", "JPY")).toBeNull();
  expect(["", "-1", "1e3", "1.000,00", "abc"].map((text) => amountOf(text, "EUR"))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(amountOf(typedOf(1_905, "EUR"), "EUR")).toBe(1_905);
  expect(typedOf(500, "JPY")).toBe("500");
});

test("an order goes one way, and says why it can't go another", () => {
  const done = (["ship", "deliver", "cancel"] as const).map((action) =>
    (["pending", "confirmed", "shipped", "delivered", "cancelled"] as const).filter(
      (status) => may(action, order({ status }), because).allowed,
    ),
  );
  expect(done).toEqual([["confirmed"], ["shipped"], ["pending", "confirmed"]]);
  expect(may("ship", order({ status: "delivered" }), because)).toEqual({ allowed: false, because: because.delivered });
});

test("no more is given back than is left of what was taken", () => {
  const part = payment({ status: "partially_refunded", refunded: { amount: 400, currency: "EUR" } });
  expect(restOf(part)).toBe(1_000);
  expect(mayRefund(part, because).allowed).toBe(true);
  for (const status of ["pending", "declined", "voided", "refunded"] as const) {
    expect(mayRefund(payment({ status }), because).allowed, status).toBe(false);
  }
});
