import { enterConsole } from "./keeper";
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
