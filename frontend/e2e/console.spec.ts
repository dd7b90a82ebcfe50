import { enterConsole, traffic } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

test("the services are shown with their instances", async ({ page }) => {
  await enterConsole(page, "services");
  await expect(page.getByRole("row", { name: /order-service/ })).toContainText("Healthy");
  await looksRight(page, "console-services");
});

test("a shopper sees no console", async ({ page, shopper }) => {
  await shopper.register();
  await expect(page.getByRole("link", { name: "Console" })).toHaveCount(0);
  await page.goto("/console/services");
  await expect(page.getByRole("heading", { level: 1, name: "There is nothing here" })).toBeVisible();
});

test("messages are found again, with what came and what went back", async ({ page, operator, request }) => {
  const { order } = await traffic(request, await operator.product("Watched mug"));
  await enterConsole(page, "messages");
  await page.getByLabel("Text in body, operation, caller").fill(order);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: `GET /orders/${order}` })).toBeVisible();
  expect(new URL(page.url()).searchParams.get("text")).toBe(order);
  await looksRight(page, "console-messages");
  await page.getByLabel("Outcome").selectOption("Failed");
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  await looksRight(page, "console-messages-empty");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByLabel("Route").fill("place-order");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "POST /orders" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "POST /orders" })).toBeVisible();
  await expect(page.getByRole("region", { name: "What came" })).toContainText("shipping_address");
  await expect(page.getByRole("region", { name: "What came" })).not.toContainText("tok_visa");
  await expect(page.getByRole("region", { name: "What went back" })).toContainText("confirmed");
  await looksRight(page, "console-message");
});

test("messages appear as they pass, until one stops to read", async ({ page, operator, request }) => {
  const mug = await operator.product("Passing mug");
  await enterConsole(page, "messages?view=live&route=read-product");
  await expect(page.getByText("Listening")).toBeVisible();
  const row = page.getByRole("link", { name: `GET /products/${mug.id}` });
  // The stream may not have begun yet.
  await expect(async () => {
    await request.get(`/api/products/${mug.id}`);
    await expect(row.first()).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await looksRight(page, "console-messages-live");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
  const heard = await row.count();
  await request.get(`/api/products/${mug.id}`);
  await page.getByRole("button", { name: "Kept" }).click();
  await expect.poll(() => row.count()).toBeGreaterThan(heard);
});
