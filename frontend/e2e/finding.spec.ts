import { readFile } from "node:fs/promises";
import { Bus } from "./bus";
import { enterConsole, traffic } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

// How an operator finds things: routes in one picture, anything by its id, dead letters in a file.

test("all routes are one picture, in which one follows a route from door to end", async ({
  page,
  operator,
  request,
}) => {
  await traffic(request, await operator.product("Drawn mug"));
  await enterConsole(page, "routes");
  await page.getByRole("button", { name: "Graph", exact: true }).focus();
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).searchParams.get("view")).toBe("graph");
  const picture = page.getByRole("region", { name: "Routes" });
  const stations = (column: string) => picture.getByRole("list", { name: column });
  await expect(stations("Comes in").getByRole("button", { name: /SOAP/ })).toBeVisible();
  await expect(stations("Under these policies").getByRole("button", { name: /scope:payments:refund/ })).toContainText(
    "1 route",
  );
  await expect(stations("Goes to").getByRole("button", { name: /Queue.*service_a_queue/ })).toBeVisible();
  // What passed is told with the next step; the rate is that of the last minute, so there is traffic until it is seen.
  await expect(async () => {
    await request.get("/api/products?limit=1");
    const route = stations("Takes the route").getByRole("link", { name: /^list-products/ });
    await expect(route).not.toContainText("list-products0/s", { timeout: 5_000 });
    await expect(route).toContainText("/s", { timeout: 1_000 });
  }).toPass();
  await looksRight(page, "console-routes-graph");

  await page.setViewportSize({ width: 1280, height: 900 });
  const saga = stations("Goes to").getByRole("button", { name: /^Saga.*place-order/ });
  await saga.focus();
  await page.keyboard.press("Enter");
  await expect(saga).toHaveAttribute("aria-pressed", "true");
  expect(new URL(page.url()).searchParams.get("at")).toBe("target:saga:place-order");
  await looksRight(page, "console-routes-graph-held");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByLabel("Name, door or target").fill("order.place");
  await page.keyboard.press("Enter");
  await expect(stations("Takes the route").getByRole("link")).toHaveCount(1);
  await stations("Takes the route")
    .getByRole("link", { name: /^place-order/ })
    .press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "place-order" })).toBeVisible();
});

test("by Ctrl-K one is where one wants to be", async ({ page, operator, request }) => {
  const { order } = await traffic(request, await operator.product("Found mug"));
  await enterConsole(page, "charts");
  await expect(page.getByRole("heading", { level: 1, name: "Charts" })).toBeVisible();
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Go to" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await looksRight(page, "console-go-to");
  await page.keyboard.type("dead");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Dead letters" })).toBeFocused();
  await expect(dialog).toHaveCount(0);

  await page.getByRole("button", { name: /Ctrl K/ }).click();
  await dialog.getByRole("textbox").fill(order);
  await looksRight(page, "console-go-to-id");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /^Order/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Summary" })).toContainText(order);

  await page.keyboard.press("Control+k");
  await dialog.getByRole("textbox").fill(order);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Sagas" })).toBeVisible();
  await page.getByRole("link", { name: `…${order.slice(-8)}` }).click();
  const steps = page.getByRole("list", { name: "Steps" });
  await steps.getByText("Input, create-order").click();
  await expect(steps.getByText(`"/orders/${order}"`)).toBeVisible();
  await looksRight(page, "console-saga-input");
});

test("dead letters are kept as a file: those that match, or those that were chosen", async ({ page, request }) => {
  const bus = await Bus.signIn(request);
  const key = `nowhere.${crypto.randomUUID().slice(-8)}`;
  for (const number of [1, 2, 3]) {
    await bus.publish(key, JSON.stringify({ number, note: number === 3 ? "x".repeat(20_000) : "" }));
  }
  await enterConsole(page, `dead-letters?state=waiting&text=${key}`);
  await expect(page.getByRole("checkbox", { name: /^Choose/ })).toHaveCount(3);
  const kept = async (button: string) => {
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(/^dead-letters-[\dTZ-]+\.jsonl$/);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  };
  const all = await kept("Export all that match");
  expect(all.map(({ routing_key }) => routing_key)).toEqual([key, key, key]);
  // Also a body that the list cuts is there as a whole.
  expect(all.map(({ body }) => JSON.parse(body).number).sort()).toEqual([1, 2, 3]);
  await expect(page.getByText("3 exported, one a line.")).toBeVisible();
  await looksRight(page, "console-export");
  await page
    .getByRole("checkbox", { name: /^Choose/ })
    .first()
    .check();
  expect(await kept("Export 1")).toHaveLength(1);
});
