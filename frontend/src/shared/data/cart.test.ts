import { expect, test } from "vitest";
import { product } from "../../testing/things";
import { ApiError } from "../api/problem";
import { CartStore } from "./cart";
import { price, sum } from "./priced-cart";

const seen = { amount: 1_400, currency: "EUR" };

test("a cart survives a reload", () => {
  new CartStore(localStorage).add({ productId: "p1", quantity: 2, seen });
  expect(new CartStore(localStorage).current()).toEqual([{ productId: "p1", quantity: 2, seen }]);
});

test("the same product twice is one line", () => {
  const cart = new CartStore(localStorage);
  cart.add({ productId: "p1", quantity: 2, seen });
  cart.add({ productId: "p1", quantity: 3, seen });
  expect(cart.current().map(({ quantity }) => quantity)).toEqual([5]);
});

test("no line has less than one or more than the system takes", () => {
  const cart = new CartStore(localStorage);
  cart.add({ productId: "p1", quantity: 2, seen });
  cart.change("p1", { quantity: 0 });
  expect(cart.current()[0]?.quantity).toBe(1);
  cart.change("p1", { quantity: 5_000 });
  expect(cart.current()[0]?.quantity).toBe(1_000);
});

test("an order takes out what was ordered, and no more", () => {
  const cart = new CartStore(localStorage);
  cart.add({ productId: "p1", quantity: 3, seen });
  cart.add({ productId: "p2", quantity: 1, seen });
  const ordered = [
    { product_id: "p1", quantity: 2 },
    { product_id: "p2", quantity: 1 },
  ];
  cart.takeOut(ordered);
  expect(cart.current()).toEqual([{ productId: "p1", quantity: 1, seen }]);
});

test("what is no cart is an empty one", () => {
  for (const kept of ["nonsense", "{}", '[{"productId": 7}]', '[{"productId": "p1", "quantity": 1.5}]', "[null]"]) {
    localStorage.setItem("cart", kept);
    expect(new CartStore(localStorage).current()).toEqual([]);
  }
});

test("lines cost today's price, and say what hinders them", () => {
  const line = { productId: "p1", quantity: 6, seen };
  const dearer = price(line, product({ price: { amount: 1_500, currency: "EUR" } }), null);
  expect(dearer.total.amount).toBe(9_000);
  expect(dearer.obstacle).toEqual({ kind: "too-many", left: 5 });
  const problem = { type: "urn:problem:product-not-found", title: "", status: 404, detail: "" };
  expect(price(line, undefined, new ApiError(problem, null)).obstacle).toEqual({ kind: "gone" });
  expect(price(line, product({ active: false, stock: 9 }), null).obstacle).toEqual({ kind: "gone" });
  expect(price(line, product({ stock: 6 }), null).obstacle).toEqual({ kind: "none" });
});

test("currencies are not added up", () => {
  const euros = price({ productId: "p1", quantity: 1, seen }, product(), null);
  const yen = price({ productId: "p2", quantity: 1, seen }, product({ price: { amount: 5, currency: "JPY" } }), null);
  expect(sum([euros, euros])).toEqual({ amount: 2_800, currency: "EUR" });
  expect(sum([euros, yen])).toBeNull();
  expect(sum([])).toBeNull();
});
