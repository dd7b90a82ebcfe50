import { enterConsole, traffic } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

// What an operator does all day: products, stock, orders, money, customers.

test("a product is created, counted, changed and hidden", async ({ page }) => {
  const name = `Console mug ${crypto.randomUUID().slice(-6)}`;
  await enterConsole(page, "catalogue");
  await expect(page.getByRole("region", { name: "Catalogue" })).toBeVisible();
  await looksRight(page, "console-catalogue");
  await page.getByRole("button", { name: "New product" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await looksRight(page, "console-product-new");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("SKU").fill(crypto.randomUUID());
  await dialog.getByLabel("Description").fill("Holds tea, and what operators write.");
  await dialog.getByLabel("Price").fill("12,5");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  const stock = page.getByRole("region", { name: "Stock" });
  await stock.getByLabel("Change by").fill("24");
  await stock.getByLabel("Reason").fill("first delivery");
  await stock.getByRole("button", { name: "Adjust stock" }).click();
  await expect(stock.getByText("24", { exact: true })).toBeVisible();
  await stock.getByLabel("Change by").fill("-30");
  await stock.getByLabel("Reason").fill("too many");
  await stock.getByRole("button", { name: "Adjust stock" }).click();
  await expect(stock.getByRole("alert")).toBeVisible();
  await expect(stock.getByText("24", { exact: true })).toBeVisible();

  const edit = page.getByRole("region", { name: "Edit" });
  await edit.getByLabel("Price").fill("13.95");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  await edit.getByLabel("Description").fill("Holds tea.");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByRole("button", { name: "Save" })).toBeEnabled();
  await expect(edit.getByRole("alert")).toHaveCount(0);
  await looksRight(page, "console-product");

  await page.getByRole("button", { name: "Hide from the shop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Hide from the shop" }).click();
  await expect(page.getByText("Hidden", { exact: true })).toBeVisible();
  // The form has gone on with what was hidden.
  await edit.getByLabel("Description").fill("Holds tea, once it is back.");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByRole("button", { name: "Save" })).toBeEnabled();
  await expect(edit.getByRole("alert")).toHaveCount(0);
  await page.goto(`/console/catalogue?query=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("€13.95");
  await page.goto(`/products?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole("heading", { name: /Nothing matches/ })).toBeVisible();
});

test("an order is shipped and delivered, and part of its money goes back", async ({ page, operator, request }) => {
  const { order } = await traffic(request, await operator.product("Shipped mug", { price: 4_000 }));
  await enterConsole(page, "orders?status=confirmed");
  await expect(page.getByRole("region", { name: "Orders" })).toBeVisible();
  await looksRight(page, "console-orders");
  await page.getByRole("link", { name: `…${order.slice(-8)}` }).click();
  await expect(page.getByRole("button", { name: "Mark as delivered" })).toBeDisabled();
  await page.getByRole("button", { name: "Ship" }).click();
  await page.getByLabel("Carrier").fill("Parcel Post");
  await page.getByLabel("Tracking number").fill("PP-9");
  await looksRight(page, "console-order-ship");
  await page.getByRole("dialog").getByRole("button", { name: "Ship" }).click();
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(summary.getByText("Shipped", { exact: true })).toBeVisible();
  await expect(summary.getByText("PP-9")).toBeVisible();
  await page.getByRole("button", { name: "Mark as delivered" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Mark as delivered" }).click();
  await expect(summary.getByText("Delivered", { exact: true })).toBeVisible();

  const payment = page.getByRole("region", { name: "Payment" });
  await payment.getByRole("button", { name: "Refund" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Amount, EUR").fill("40.01");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(dialog.getByText("An amount above 0 and up to €40.00.")).toBeVisible();
  await dialog.getByLabel("Amount, EUR").fill("10");
  await dialog.getByLabel("Reason").fill("a scratch");
  await looksRight(page, "console-refund");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(payment.getByText("Partially refunded")).toBeVisible();
  await expect(payment.getByRole("list", { name: "Transactions" })).toContainText("a scratch");
  await payment.getByRole("button", { name: "Refund" }).click();
  await expect(dialog.getByLabel("Amount, EUR")).toHaveValue("30.00");
  await dialog.getByLabel("Reason").fill("the rest");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(payment.getByText("Refunded", { exact: true })).toBeVisible();
  await expect(payment.getByRole("button", { name: "Refund" })).toBeDisabled();
  await looksRight(page, "console-order");

  await page.goto("/console/payments");
  await page.getByLabel("Order's number").fill(order);
  await page.keyboard.press("Enter");
  const paid = page.getByRole("region", { name: "Payments" }).getByRole("row").nth(1);
  await expect(paid).toContainText(order.slice(-8));
  await expect(paid).toContainText("Refunded");
  await looksRight(page, "console-payments");
  await page.goto("/console/orders");
  await page.getByLabel("Order's number").fill(order.slice(-8));
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("alert")).toContainText("36 characters");
  await page.getByLabel("Order's number").fill(order);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `Order ${order.slice(-8).toUpperCase()}` })).toBeVisible();
});

test("an order is cancelled for a reason, and the customer's page shows it", async ({ page, operator, shopper }) => {
  await shopper.register();
  const order = await shopper.buy(await operator.product("Cancelled mug"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await enterConsole(page, `orders/${order}`);
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel order" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await page.getByLabel("Reason").fill("found broken");
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel order" }).click();
  await expect(page.getByRole("region", { name: "History" })).toContainText("found broken");
  await expect(page.getByRole("region", { name: "Payment" })).toContainText("Refunded");

  await page.goto(`/console/customers?query=${encodeURIComponent(shopper.email)}`);
  await expect(page.getByRole("row", { name: new RegExp(shopper.email) })).toBeVisible();
  await looksRight(page, "console-customers");
  await page.getByRole("link", { name: "Ada Lovelace" }).click();
  await expect(page.getByRole("region", { name: "Profile" })).toContainText(shopper.email);
  await expect(page.getByRole("region", { name: "Orders" })).toContainText(order.slice(-8));
  await looksRight(page, "console-customer");
});
