import type { Locator } from "@playwright/test";
import { expect, Shopper, test } from "./shop";

test("a shopper registers, buys, is declined and tries again, cancels, and gets the money back", async ({
  page,
  shopper,
  operator,
}) => {
  const lamp = await operator.product("Reading lamp", { price: 7_900, stock: 5 });
  await page.goto("/");
  await page.getByRole("searchbox", { name: "Search the shop" }).fill(lamp.name);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: lamp.name }).click();
  await page.getByRole("button", { name: "One more" }).click();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "Cart, 2 items" }).click();
  await page.reload();
  await expect(page.getByRole("link", { name: "Cart, 2 items" })).toBeVisible();
  await page.getByRole("link", { name: "To checkout" }).click();

  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(shopper.email);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();

  await shopper.fillAddress();
  await shopper.pay("Card without funds");
  await shopper.placeOrder.click();
  await expect(page.getByRole("alert")).toContainText("lack of funds");
  await shopper.pay("Mastercard test card");
  await shopper.placeOrder.click();
  const id = await shopper.seesOrder("Confirmed");
  await expect(page.getByText("12 St James's Square")).toBeVisible();
  await expect(page.getByRole("link", { name: "Cart, empty" })).toBeVisible();

  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByLabel(/Why\?/).fill("wrong colour");
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(page.getByText("Your money is back.")).toBeVisible();
  await expect(page.getByText("wrong colour")).toBeVisible();
  await expect(page.getByRole("list", { name: "Transactions" })).toContainText("Refund, Done");

  await page.getByRole("link", { name: "Payments", exact: true }).click();
  const paid = page.getByRole("row").filter({ hasText: id.slice(-8).toUpperCase() });
  await expect(paid).toContainText("Refunded");
  await expect(page.getByRole("row").filter({ hasText: "Declined" })).toBeVisible();
  const orders = await operator.ordersOf(shopper.email);
  expect(orders.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
});

test("an order moves before the shopper's eyes, without a reload", async ({ page, shopper, operator }) => {
  await shopper.register();
  const id = await shopper.buy(await operator.product("Oak stool"));
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await operator.ship(id);
  await expect(page.getByRole("heading", { level: 1, name: "It is on its way" })).toBeVisible();
  await expect(page.getByText("Tracking number PP-1234")).toBeVisible();
  await operator.deliver(id);
  await expect(page.getByRole("heading", { level: 1, name: /It has arrived/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel order" })).toBeDisabled();
  await expect(page.getByText("Live", { exact: true })).toBeHidden();
});

test("a price that changed and stock that went are settled in place, and nothing typed is lost", async ({
  page,
  shopper,
  operator,
}) => {
  await shopper.register();
  const vase = await operator.product("Clay vase", { price: 3_000, stock: 3 });
  await shopper.take(vase);
  await page.goto("/cart");
  await page.getByRole("button", { name: "One more" }).click();
  await shopper.prepare("Visa test card");
  await page.getByLabel("Keep this address").uncheck();
  await operator.price(vase.id, 3_500);
  await shopper.placeOrder.click();
  await expect(page.getByRole("alert")).toContainText("The total is now €70.00");
  await operator.stock(vase.id, -2);
  await shopper.placeOrder.click();
  await expect(page.getByRole("alert")).toContainText("Only 1 left");
  await page.getByRole("button", { name: /Adjust to what is left/ }).click();
  await expect(page.getByLabel("Street and number")).toHaveValue("12 St James's Square");
  await page.getByRole("button", { name: "Place order · €35.00" }).click();
  await shopper.seesOrder("Confirmed");
});

test("a session survives a reload, and ends in every tab", async ({ page, context, shopper }) => {
  await shopper.register();
  await page.goto("/account");
  await page.reload();
  await expect(page.getByLabel("E-mail")).toHaveValue(shopper.email);
  const cookies = await context.cookies();
  expect(cookies).toMatchObject([
    { name: "refresh", path: "/api/auth", httpOnly: true, sameSite: "Strict", secure: true },
  ]);
  const other = new Shopper(await context.newPage());
  await other.page.goto("/orders");
  await expect(other.page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(other.page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await expect.poll(() => context.cookies()).toEqual([]);
  await page.goto("/account");
  await shopper.signIn();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
});

test("a member edits what is known of them, and can have it erased", async ({ page, shopper }) => {
  await shopper.register();
  await page.goto("/account");
  await page.getByLabel("Name", { exact: true }).fill("Countess Lovelace");
  const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await page.getByRole("button", { name: "Save" }).click();
  expect((await saved).status()).toBe(200);
  for (const town of ["London", "Turin"]) {
    await page.getByRole("button", { name: "Add an address" }).click();
    await shopper.fillAddress();
    await page.getByLabel("Town").fill(town);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: town })).toBeVisible();
  }
  const turin = page.getByRole("listitem").filter({ hasText: "Turin" });
  await turin.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Use this address first").check();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(turin).toContainText("Used first");
  await page.getByRole("listitem").filter({ hasText: "London" }).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "London" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Countess Lovelace");
  await page.getByRole("button", { name: "Erase my account" }).click();
  await page.getByRole("dialog").getByLabel("E-mail").fill(shopper.email);
  await page.getByRole("dialog").getByRole("button", { name: "Erase my account" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.goto("/sign-in");
  await shopper.signIn();
  await expect(page.getByRole("alert")).toContainText("not right");
});

test("the shop can be used with the keyboard alone", async ({ page, shopper, operator }) => {
  const mug = await operator.product("Keyboard mug");
  await shopper.register();
  await page.goto(`/products?q=${encodeURIComponent(mug.name)}`);
  await expect(page.getByRole("link", { name: mug.name })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: mug.name })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: mug.name })).toBeFocused();
  await tabTo(page.getByRole("button", { name: "Add to cart" }));
  await page.keyboard.press("Enter");
  await page.goto("/checkout");
  await shopper.fillAddress();
  await shopper.placeOrder.focus();
  await page.keyboard.press("Enter");
  await shopper.seesOrder("Confirmed");
  await page.getByRole("button", { name: "Cancel order" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Cancel order" })).toBeFocused();
});

const STEPS_MAX = 20;

async function tabTo(goal: Locator): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step++) {
    if (await goal.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await goal.page().keyboard.press("Tab");
  }
  await expect(goal).toBeFocused();
}
