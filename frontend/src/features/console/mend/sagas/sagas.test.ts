import { expect, test } from "vitest";
import { words } from "../../../../shared/i18n/en/console";
import type { SagaDetail, Step } from "../../data/sagas";
import { durations, mayCancel, mayRetry, requestLine } from "./may";

const { because } = words.sagas;
const AT = "2026-03-01T10:00:00Z";

function saga(state: SagaDetail["state"], ...steps: Step["state"][]): SagaDetail {
  return {
    id: "s1",
    name: "place-order",
    state,
    subject: "o1",
    step: "step-0",
    attempts: 1,
    steps: steps.map((one, index) => ({ name: `step-${index}`, state: one, attempts: 1 })),
    created_at: AT,
    updated_at: AT,
    deadline_at: AT,
    input: {},
    interventions: [],
  };
}

test("only what is stuck can be retried, and the rest says why not", () => {
  expect(mayRetry(saga("stuck"), because)).toEqual({ allowed: true });
  expect(mayRetry(saga("running"), because)).toEqual({ allowed: false, because: because.itself });
  expect(mayRetry(saga("completed"), because)).toEqual({ allowed: false, because: because.settled });
});

test("a saga can be cancelled until its last step has begun or it is turned back", () => {
  expect(mayCancel(saga("running", "done", "running", "waiting"), because)).toEqual({ allowed: true });
  expect(mayCancel(saga("stuck", "done", "done", "running"), because)).toEqual({
    allowed: false,
    because: because.noReturn,
  });
  expect(mayCancel(saga("stuck", "done", "undoing", "waiting"), because)).toEqual({
    allowed: false,
    because: because.turning,
  });
  expect(mayCancel(saga("compensated", "undone", "undone", "waiting"), because)).toEqual({
    allowed: false,
    because: because.settled,
  });
});

test("how long a step took counts from the end of the one before it", () => {
  const one = saga("running", "done", "done", "running");
  const [first, second, third] = one.steps;
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error("three steps were made");
  }
  const steps = [
    { ...first, at: "2026-03-01T10:00:01Z" },
    { ...second, at: "2026-03-01T10:00:01.250Z" },
    { ...third, at: "2026-03-01T10:00:02Z" },
  ];
  expect(durations({ ...one, steps })).toEqual([1_000, 250, null]);
  expect(durations({ ...one, steps: steps.map((step) => ({ ...step, state: "undone" as const })) })).toEqual([
    null,
    null,
    null,
  ]);
});

test("what a step asks is told in a line", () => {
  const input = { method: "PUT", service: "order-service", path: "/orders/1", body: { quantity: 1 } };
  // The document says no more than that it is an object.
  expect(requestLine(input as unknown as Step["input"])).toBe("PUT order-service /orders/1");
  expect(requestLine(null)).toBe("");
  expect(requestLine(undefined)).toBe("");
});
