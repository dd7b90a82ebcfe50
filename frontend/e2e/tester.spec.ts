import { enterConsole } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

// One place from which everything that the bus offers can be tried.

test("an order is placed in JSON, then read in XML and by SOAP", async ({ page, operator }) => {
  const mug = await operator.product("Tested mug");
  await enterConsole(page, "tester?operation=place_order");
  const terminal = page.getByRole("region", { name: "Terminal" });
  await expect(terminal).toContainText("Nothing sent yet");
  await page.getByLabel(/^product_id/).fill("x");
  await page.getByLabel(/^token/).fill("tok_visa");
  await expect(page.getByText("/items/0/product_id has to be a uuid")).toBeVisible();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(terminal.getByRole("status")).toContainText("422");
  await expect(terminal).toContainText("/items/0/product_id");
  await looksRight(page, "console-tester-problem");

  await page.getByLabel(/^product_id/).fill(mug.id);
  await page.getByRole("button", { name: "Another key" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(terminal.getByRole("status")).toContainText("201");
  await expect(terminal).toContainText('"confirmed"');
  await looksRight(page, "console-tester");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("region", { name: "History of this visit" }).getByRole("listitem")).toHaveCount(3);
  await terminal.getByText("Answer headers").click();
  await expect(terminal).toContainText("idempotent-replayed");
  const id = /"id": "([0-9a-f-]{36})"/.exec((await terminal.textContent()) ?? "")?.[1] ?? "";

  await page.getByLabel("Operation").selectOption("GET /orders/{id}");
  await page.getByText("HTTP, XML").click();
  await page.getByLabel(/^id /).fill(id);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(terminal).toContainText('<order xmlns="urn:ecommerce-soa:v1">');
  await page.getByText("SOAP 1.1").click();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(terminal).toContainText("soap:Envelope");
  await expect(terminal).toContainText(id);
  await looksRight(page, "console-tester-soap");
  await terminal.getByRole("link", { name: "See it among the messages" }).click();
  await expect(page.getByRole("link", { name: "GetOrder" })).toBeVisible();
});

test("others are refused what an operator may", async ({ page }) => {
  await enterConsole(page, "tester?operation=list_sagas");
  const status = page.getByRole("region", { name: "Terminal" }).getByRole("status");
  const send = page.getByRole("button", { name: "Send" });
  await send.click();
  await expect(status).toContainText("200");
  await page.getByLabel("As", { exact: true }).selectOption("Nobody");
  await send.click();
  await expect(status).toContainText("401");
  await page.getByLabel("As", { exact: true }).selectOption("A machine client");
  await page.getByLabel("Client id").fill(process.env.CLIENT_ID ?? "");
  await page.getByLabel("Secret").fill("a guess");
  await send.click();
  await expect(page.getByRole("region", { name: "Terminal" })).toContainText("invalid_client");
  await page.getByLabel("Secret").fill(process.env.CLIENT_SECRET ?? "");
  await send.click();
  await expect(status).toContainText("403");
  await page.getByLabel("As", { exact: true }).selectOption("Another account");
  await page.getByLabel("E-mail").fill(process.env.OPERATOR_EMAIL ?? "");
  await page.getByLabel("Password").fill(process.env.OPERATOR_PASSWORD ?? "");
  await send.click();
  await expect(status).toContainText("200");
});
