import { kill } from "node:process";
import type { Page } from "@playwright/test";
import { Bus } from "./bus";
import { enterConsole } from "./keeper";
import { looksRight } from "./looks";
import { expect, test } from "./shop";

// What an operator mends: work that is stuck between services, and messages that nobody could take.

test("a saga is stuck while a service is frozen, is retried, and completes", async ({ page, operator, request }) => {
  const mug = await operator.product("Stuck mug");
  const bus = await Bus.signIn(request);
  const order = await stuckOrder(bus, mug.id);
  await enterConsole(page, "sagas");
  const stuck = page.getByRole("region", { name: "Stuck: these need you" });
  await expect(stuck).toContainText(order.slice(-8));
  await looksRight(page, "console-sagas");
  await stuck.getByRole("link", { name: `…${order.slice(-8)}` }).click();
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem").filter({ hasText: "confirm-order" })).toContainText("stands here");
  await expect(steps.getByRole("listitem").filter({ hasText: "take-payment" })).toContainText("Done");
  await expect(page.getByRole("button", { name: "Cancel and undo" })).toBeDisabled();
  await expect(page.getByText("It is past the point of no return.")).toBeVisible();
  const payment = steps.getByRole("listitem").filter({ hasText: "take-payment" });
  await payment.getByText("Input, take-payment").click();
  await expect(payment).toContainText('token: "[hidden]"');
  await expect(page.getByRole("main")).not.toContainText("tok_visa");
  await page.getByText("Output, take-payment").click();
  await looksRight(page, "console-saga-stuck");

  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("goes on at “confirm-order”");
  await looksRight(page, "console-saga-retry");
  await page.getByRole("alertdialog").getByRole("button", { name: "Retry" }).click();
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(summary.getByText("Completed", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "What operators did" })).toContainText("Retried");
  await expect(page.getByRole("button", { name: "Retry" })).toBeDisabled();
  await looksRight(page, "console-saga");
  await summary.getByRole("link", { name: order }).click();
  await expect(page.getByRole("region", { name: "Summary" }).getByText("Confirmed", { exact: true })).toBeVisible();
});

test("a saga that has not passed its last step is cancelled, and all of it is undone", async ({
  page,
  operator,
  request,
}) => {
  const mug = await operator.product("Undone mug", { stock: 5 });
  const bus = await Bus.signIn(request);
  await enterConsole(page, "sagas");
  await frozen("PAYMENT", async () => {
    const order = await bus.place(mug.id, "tok_visa");
    await page.goto(`/console/sagas/${await bus.sagaAt(order, "take-payment")}`);
    await page.getByRole("button", { name: "Cancel and undo" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByLabel("Reason").fill("the customer called");
    await dialog.getByRole("button", { name: "Cancel and undo" }).click();
    await expect(dialog).toHaveCount(0);
  });
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(summary.getByText("Turned back", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "What operators did" })).toContainText("the customer called");
  await looksRight(page, "console-saga-undone");
  expect(await bus.stockOf(mug.id)).toBe(5);
});

test("a dead letter is mended, sent again, and does what it was meant to", async ({ page, operator, request }) => {
  const bus = await Bus.signIn(request);
  const mug = await operator.product("Mended mug", { stock: 10 });
  const id = crypto.randomUUID();
  await sendBroken(page, mug.id, id);
  await page.goto("/console/dead-letters?state=waiting&reason=schema-violation&route=place-order");
  await expect(page.getByRole("region", { name: "Waiting, by cause" })).toBeVisible();
  await looksRight(page, "console-dead-letters");
  await page.getByLabel("Text", { exact: true }).fill(mug.id);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^schema-violation …/ }).click();
  await expect(page.getByRole("region", { name: "Properties" })).toContainText(id);
  await looksRight(page, "console-dead-letter");

  await page.getByRole("button", { name: "Edit body" }).click();
  const body = page.getByLabel("Body, JSON");
  await expect(page.getByText("/items/0/quantity has to be")).toBeVisible();
  await looksRight(page, "console-dead-letter-edit");
  await body.fill((await body.inputValue()).replace(/"quantity":\s*0/, '"quantity": 2'));
  await expect(page.getByText("Fits the schema")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  const history = page.getByRole("list", { name: "History" });
  await expect(history).toContainText("Edited");
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("order.place");
  await page.getByRole("alertdialog").getByRole("button", { name: "Replay" }).click();
  await expect(
    page.getByRole("region", { name: "What happened" }).getByText("Replayed", { exact: true }),
  ).toBeVisible();
  await expect(history).toContainText("Replayed");
  await expect(page.getByRole("button", { name: "Edit body" })).toBeDisabled();
  await looksRight(page, "console-dead-letter-replayed");

  await expect.poll(() => bus.stockOf(mug.id)).toBe(8);
});

test("many are sent again with a preview, come back, and some are let go", async ({ page, request }) => {
  const bus = await Bus.signIn(request);
  const key = `nowhere.${crypto.randomUUID().slice(-8)}`;
  for (const number of [1, 2, 3]) {
    await bus.publish(key, JSON.stringify({ number }));
  }
  await enterConsole(page, `dead-letters?state=waiting&text=${key}`);
  await expect(page.getByRole("checkbox", { name: /^Choose/ })).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Replay 0" })).toBeDisabled();
  await page.getByRole("button", { name: "Choose all shown (3)" }).click();
  await page.getByRole("button", { name: "Replay 3" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("3 would go out again");
  await expect(dialog).toContainText(key);
  await dialog.getByLabel("Batches").fill("some");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("Batches").fill("1, 10");
  await looksRight(page, "console-replay");
  await dialog.getByRole("button", { name: "Replay 3" }).click();
  const replays = page.getByRole("region", { name: "Replays" }).getByRole("listitem").first();
  // No route takes them, so the first comes back, and the others stay where they are.
  await expect(replays).toContainText("Stopped");
  await expect(replays).toContainText("1 came back");
  await replays.getByText("History").click();
  await expect(replays.getByRole("list", { name: "What was done with this replay" })).toContainText("Started");
  await expect(page.getByRole("checkbox", { name: /^Choose/ })).toHaveCount(3);
  await looksRight(page, "console-replays");
  await page.getByRole("button", { name: "Choose all shown (3)" }).click();
  await page.getByRole("button", { name: "Discard 3" }).click();
  await page.getByRole("alertdialog").getByLabel("Reason").fill("only a test");
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard 3" }).click();
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
});

/** An order that was paid, but can't be confirmed, since the orders' service was frozen before that. */
async function stuckOrder(bus: Bus, product: string): Promise<string> {
  const thaw = freeze("PAYMENT");
  try {
    const order = await bus.place(product, "tok_visa");
    await bus.sagaAt(order, "take-payment");
    await frozen("ORDER", async () => {
      thaw();
      await bus.sagaIn(order, "stuck");
    });
    return order;
  } finally {
    thaw();
  }
}

type Service = "ORDER" | "PAYMENT";

/** Does it while a service hears and says nothing, so that nothing of it depends on who is quicker. */
async function frozen(service: Service, work: () => Promise<void>): Promise<void> {
  const thaw = freeze(service);
  try {
    await work();
  } finally {
    thaw();
  }
}

/** What lets it go on again, as often as one likes. */
function freeze(service: Service): () => void {
  const name = `PID_${service}_SERVICE`;
  const pid = Number(process.env[name]);
  if (!(pid > 1)) {
    throw new Error(`${name} is not set: \`cargo xtask e2e\` sets it`);
  }
  kill(pid, "SIGSTOP");
  return () => kill(pid, "SIGCONT");
}

/** By the tester, as a message. */
async function sendBroken(page: Page, product: string, id: string): Promise<void> {
  await enterConsole(page, "tester?operation=place_order");
  await page.getByText("AMQP, JSON").click();
  await page.getByLabel("Message id").fill(id);
  await page.getByLabel(/^product_id/).fill(product);
  await page.getByLabel(/^quantity/).fill("0");
  await page.getByLabel(/^token/).fill("tok_visa");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("region", { name: "Terminal" }).getByRole("status")).toContainText("422");
  await looksRight(page, "console-tester-amqp");
}
