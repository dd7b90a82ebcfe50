import type { Order, Payment } from "../shared/data/orders";
import type { Product } from "../shared/data/products";

const AT = "2026-03-01T10:00:00Z";
const eur = (amount: number) => ({ amount, currency: "EUR" });

export function product(change: Partial<Product> = {}): Product {
  const known = { id: "p1", sku: "MUG", name: "Mug", description: "Holds tea.", price: eur(1_400), stock: 5 };
  return { ...known, active: true, created_at: AT, updated_at: AT, ...change };
}

export function order(change: Partial<Order> = {}): Order {
  const item = { product_id: "p1", sku: "MUG", name: "Mug", quantity: 1, unit_price: eur(1_400), total: eur(1_400) };
  return {
    id: "o1",
    customer_id: "c1",
    status: "confirmed",
    items: [item],
    total: eur(1_400),
    payment_id: "y1",
    refund: "none",
    history: [{ status: "pending", at: AT, by: "customer:c1" }],
    created_at: AT,
    updated_at: AT,
    ...change,
  };
}

export function payment(change: Partial<Payment> = {}): Payment {
  const known = { id: "y1", order_id: "o1", customer_id: "c1", amount: eur(1_400), refunded: eur(0) };
  return { ...known, status: "captured", method: "card", created_at: AT, updated_at: AT, ...change };
}
