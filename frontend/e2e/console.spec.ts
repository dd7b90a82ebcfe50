import { enterConsole, traffic } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

test("the services are shown with their instances", async ({ page }) => {
  await enterConsole(page, "services");
  await expect(page.getByRole("row", { name: /order-service http/ })).toContainText("mysql: there");
  await expect(page.getByRole("region", { name: "What the bus asks of them" }).getByRole("row")).not.toHaveCount(0);
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

test("the map shows who talks with whom, as a picture and as a table", async ({ page, operator, request }) => {
  await traffic(request, await operator.product("Mapped mug"));
  await enterConsole(page);
  const picture = page.getByRole("region", { name: "Live map" });
  await expect(picture.getByRole("button", { name: /Enterprise service bus/ })).toContainText("Healthy");
  await expect(picture.getByRole("button", { name: /order-service/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Unhealthy services/ })).toContainText("0");
  await expect(page.getByRole("link", { name: /Fail, 5 min/ })).toContainText("%");
  // Messages are seen moving, until one stops them; whoever asks for less motion sees none.
  const moving = picture.locator("circle.animate-travel");
  await expect(async () => {
    await request.get("/api/products?limit=1");
    await expect(moving.first()).toBeAttached({ timeout: 5_000 });
  }).toPass();
  await page.getByLabel("Show messages moving").uncheck();
  await expect(moving).toHaveCount(0);
  await looksRight(page, "console-map");
  await page.setViewportSize({ width: 1280, height: 900 });
  await picture.getByRole("button", { name: /Request queues/ }).click();
  await expect(page.getByRole("region", { name: "Request queues" })).toContainText("esb.place-order");
  expect(new URL(page.url()).searchParams.get("at")).toBe("group:requests");
  await looksRight(page, "console-map-detail");
});

test("by keyboard the map is read in its table", async ({ page, operator, request }) => {
  await traffic(request, await operator.product("Typed mug"));
  await enterConsole(page);
  await page.getByRole("button", { name: "Table", exact: true }).focus();
  await page.keyboard.press("Enter");
  const who = page.getByRole("region", { name: "Who is there" });
  await expect(who.getByRole("row", { name: /customer-service/ })).toContainText("Healthy");
  await expect(
    page.getByRole("row", { name: /HTTP clients Enterprise service bus HTTP [\d.]+ [\d.]+% [\d.]+ m?s/ }),
  ).toBeVisible();
  await looksRight(page, "console-map-table");
  await page.setViewportSize({ width: 1280, height: 900 });
  await who.getByRole("link", { name: "order-service" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Close the details" })).toBeFocused();
  const detail = page.getByRole("region", { name: "order-service" });
  await expect(detail).toContainText("MariaDB");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Charts" })).toBeVisible();
  await expect(page.getByLabel("Of", { exact: true })).toHaveValue("service:order-service");
});

test("charts show what passed, as pictures and as tables", async ({ page, operator, request }) => {
  await traffic(request, await operator.product("Charted mug"));
  await enterConsole(page, "charts?of=route:place-order");
  // A step is told once it has ended.
  const passed = page.getByRole("region", { name: "Throughput", exact: true });
  await expect(passed.getByText(/peak [^,]*[1-9][^,]*\/s/)).toBeVisible();
  await expect(
    page
      .getByRole("region", { name: "Latency" })
      .getByText(/^now [\d.,]+ m?s, peak/)
      .first(),
  ).toBeVisible();
  await looksRight(page, "console-charts");
  await page.getByRole("button", { name: /As a table\s*, Throughput/ }).click();
  await expect(passed.getByRole("row").nth(1)).toContainText("/s");
  await page.getByLabel("Range").selectOption("24 hours");
  await page.getByLabel("Of", { exact: true }).selectOption("Everything");
  await expect(page.getByText("the slowest route is shown")).toBeVisible();
  await looksRight(page, "console-charts-table");
});

test("routes are listed with their counters, and one finds which takes what", async ({ page, operator, request }) => {
  await traffic(request, await operator.product("Routed mug"));
  await enterConsole(page, "routes");
  await expect(page.getByRole("row", { name: /place-order/ }).first()).toContainText("order.place");
  await looksRight(page, "console-routes");
  await page.getByLabel("Path").fill("/orders/7");
  await page.getByRole("button", { name: "Find the route" }).click();
  await expect(page.getByRole("status").filter({ hasText: "id = 7" })).toContainText("read-order");
  await page.getByLabel("Path").fill("/nowhere");
  await page.getByRole("button", { name: "Find the route" }).click();
  await expect(page.getByText("No route takes this.")).toBeVisible();
  await looksRight(page, "console-routes-none");
  await page.getByLabel("What comes").selectOption("A message, by its key");
  await page.getByLabel("Routing key").fill("order.place");
  await page.getByRole("button", { name: "Find the route" }).click();
  const found = page.getByRole("status").getByRole("link", { name: "place-order" });
  await expect(found).toHaveAttribute("href", "/console/routes/place-order");
  await page.getByLabel("Name, door or target").fill("order.place");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("row").getByRole("link", { name: "place-order" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "place-order" })).toBeVisible();
  const counters = page.getByRole("region", { name: "In the last 15 minutes" });
  await expect(counters.getByText("Messages", { exact: true }).locator("..")).toContainText(/[1-9]/);
  await looksRight(page, "console-route");
});

test("the console speaks German", async ({ page, operator, request }) => {
  await traffic(request, await operator.product("German mug"));
  await enterConsole(page);
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await expect(page.getByRole("heading", { level: 1, name: "Karte" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Gestörte Dienste/ })).toContainText("von 4 Instanzen");
  await looksRight(page, "console-map-german");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Menü" }).click();
  await page.getByRole("link", { name: "Routen" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Routen" })).toBeVisible();
});
