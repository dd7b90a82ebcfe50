import type { APIRequestContext, Page } from "@playwright/test";
import { expect } from "./shop";

/** The operator signs in by the page, and is in the console. */
export async function enterConsole(page: Page, path = ""): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(`/console/${path}`)}`);
  await page.getByLabel("E-mail").fill(process.env.OPERATOR_EMAIL ?? "");
  await page.getByLabel("Password", { exact: true }).fill(process.env.OPERATOR_PASSWORD ?? "");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Console" })).toBeAttached();
}

const address = { name: "Ada Lovelace", line1: "12 St James's Square", city: "London", postal_code: "SW1Y 4LB" };

/** Traffic of all kinds that the console shows: somebody registers and buys, somebody is refused. */
export async function traffic(request: APIRequestContext, product: { id: string }): Promise<{ order: string }> {
  const password = "correct horse battery";
  const newcomer = { email: `${crypto.randomUUID()}@example.org`, password, name: "Ada Lovelace" };
  const registered = await request.post("/api/auth/register", { data: newcomer });
  expect(registered.ok(), await registered.text()).toBe(true);
  const { access_token, customer } = await registered.json();
  const headers = { Authorization: `Bearer ${access_token}` };
  const placed = await request.post("/api/orders", {
    headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
    data: {
      customer_id: customer.id,
      items: [{ product_id: product.id, quantity: 1 }],
      payment: { method: "card", token: "tok_visa" },
      shipping_address: { ...address, country: "GB" },
    },
  });
  expect(placed.ok(), await placed.text()).toBe(true);
  const order = (await placed.json()).order.id;
  expect((await request.get(`/api/orders/${order}`, { headers })).status()).toBe(200);
  expect((await request.get("/api/orders")).status()).toBe(401);
  expect((await request.get("/api/products?limit=3")).status()).toBe(200);
  return { order };
}
