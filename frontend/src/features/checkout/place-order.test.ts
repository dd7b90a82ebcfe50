import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { at, server } from "../../testing/server";
import { order, payment } from "../../testing/things";
import { beginAttempt, endAttempt, openAttempt } from "./attempt";
import { type Progress, placeOrder } from "./place-order";

const body = {
  customer_id: "c1",
  items: [{ product_id: "p1", quantity: 1 }],
  payment: { method: "card" as const, token: "tok_visa" },
};

/** What the system says, one answer a request. */
function answering(...answers: (() => Response)[]): string[] {
  const keys: string[] = [];
  const next = () => (answers.shift() ?? HttpResponse.error)();
  server.use(
    http.post(at("/orders"), ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key") ?? "");
      return next();
    }),
    http.get(at("/orders/:id/placement"), next),
  );
  return keys;
}

const placed = () => HttpResponse.json({ order: order(), payment: payment() }, { status: 201 });
const placement = (state: string, problem?: object) => () =>
  HttpResponse.json({ order_id: "o1", state, problem }, { status: state === "running" ? 202 : 200 });
const problem = (name: string, status: number) => () =>
  HttpResponse.json({ type: `urn:problem:${name}`, title: name, status, detail: "" }, { status });

async function place() {
  const told: Progress[] = [];
  const attempt = beginAttempt(body);
  const watcher = { tell: (progress: Progress) => told.push(progress), pause: async () => {} };
  return { outcome: await placeOrder(attempt, watcher), told, attempt };
}

test("silence and stumbling are asked about again, under the same key", async () => {
  const keys = answering(
    HttpResponse.error,
    problem("unavailable", 503),
    problem("request-in-progress", 409),
    problem("too-many-requests", 429),
    placed,
  );
  const { outcome, told } = await place();
  expect(outcome).toEqual({ kind: "confirmed", orderId: "o1" });
  expect(told).toEqual(["reconnecting", "asking", "asking", "asking"]);
  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(5);
});

test("what is not settled at once is asked about, not sent again", async () => {
  const keys = answering(
    placement("running"),
    placement("running"),
    HttpResponse.error,
    placement("stuck"),
    placement("confirmed"),
  );
  expect((await place()).outcome).toEqual({ kind: "confirmed", orderId: "o1" });
  expect(keys).toHaveLength(1);
});

test.each([
  ["payment-declined", 402],
  ["out-of-stock", 409],
  ["price-changed", 409],
  ["invalid-request", 422],
  ["saga-overdue", 504],
])("`%s` is a clear no", async (name, status) => {
  answering(problem(name, status));
  expect((await place()).outcome).toMatchObject({ kind: "refused", problem: { type: `urn:problem:${name}` } });
});

test("a refusal that came later is one, too", async () => {
  const declined = { type: "urn:problem:payment-declined", title: "", status: 402, detail: "" };
  answering(placement("running"), placement("refused", declined));
  expect((await place()).outcome).toEqual({ kind: "refused", problem: declined });
});

test("an attempt outlives a reload until its end is known", () => {
  const attempt = beginAttempt(body);
  expect(beginAttempt({ ...body, items: [] }).key).toBe(attempt.key);
  expect(openAttempt("c1")?.key).toBe(attempt.key);
  expect(openAttempt("another customer")).toBeNull();
  endAttempt(attempt);
  expect(openAttempt("c1")).toBeNull();
  expect(beginAttempt(body).key).not.toBe(attempt.key);
});

test("an attempt that the system may have forgotten does not go out again", () => {
  const attempt = beginAttempt(body);
  localStorage.setItem("attempt", JSON.stringify({ ...attempt, at: Date.now() - 21 * 3_600_000 }));
  expect(openAttempt("c1")).toBeNull();
});
