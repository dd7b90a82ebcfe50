import { expect, Shopper, test } from "./shop";
import { Wire } from "./wire";

// However the page or the connection behaves in the middle of it: one order.

test("a double click buys once", async ({ page, shopper, operator }) => {
  await shopper.register();
  await shopper.take(await operator.product("Double mug"));
  await shopper.prepare("Bank with hiccups");
  await shopper.placeOrder.dblclick();
  await shopper.seesOrder("Confirmed");
  expect(await operator.ordersOf(shopper.email)).toHaveLength(1);
  await page.goto("/checkout");
  await expect(page.getByRole("heading", { name: "Your cart is empty" })).toBeVisible();
});

test("a reload while the bank is silent buys once", async ({ page, shopper, operator }) => {
  await shopper.register();
  await shopper.take(await operator.product("Reloaded mug"));
  await shopper.prepare("Bank that loses requests");
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/orders"));
  await shopper.placeOrder.click();
  await sent;
  await page.reload();
  await shopper.seesOrder("Confirmed");
  const orders = await operator.ordersOf(shopper.email);
  expect(orders.map(({ status }) => status)).toEqual(["confirmed"]);
});

test("an answer that is lost with the connection buys once", async ({ browser, baseURL, operator }) => {
  const wire = await Wire.to(baseURL ?? "");
  const context = await browser.newContext({ baseURL: wire.url, locale: "en-GB" });
  const shopper = new Shopper(await context.newPage());
  await shopper.register();
  await shopper.take(await operator.product("Cut-off mug"));
  await shopper.prepare("Visa test card");
  const lost = wire.loseAnswerTo("POST /api/orders ");
  await shopper.placeOrder.click();
  await lost;
  await expect(shopper.page.getByText("The connection is lost.")).toBeVisible();
  await expect
    .poll(async () => (await operator.ordersOf(shopper.email)).map(({ status }) => status))
    .toEqual(["confirmed"]);
  wire.mend();
  await shopper.seesOrder("Confirmed");
  expect(await operator.ordersOf(shopper.email)).toHaveLength(1);
  await context.close();
  wire.close();
});

test("an order that was sent without a connection goes out once it is back, once", async ({
  page,
  context,
  shopper,
  operator,
}) => {
  await shopper.register();
  await shopper.take(await operator.product("Patient mug"));
  await shopper.prepare("Visa test card");
  await page.getByLabel("Keep this address").uncheck();
  await context.setOffline(true);
  await shopper.placeOrder.click();
  await expect(page.getByText("The connection is lost.")).toBeVisible();
  expect(await operator.ordersOf(shopper.email)).toHaveLength(0);
  await context.setOffline(false);
  await shopper.seesOrder("Confirmed");
  expect(await operator.ordersOf(shopper.email)).toHaveLength(1);
});
