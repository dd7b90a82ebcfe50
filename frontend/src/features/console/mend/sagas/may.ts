import type { ConsoleWords } from "../../../../shared/i18n/messages";
import type { Saga, SagaDetail, Step } from "../../data/sagas";
import type { Permission } from "../../parts/permission";

type Words = ConsoleWords["sagas"]["because"];

/** Only what is stuck waits for a person. */
export function mayRetry({ state }: Pick<Saga, "state">, words: Words): Permission {
  switch (state) {
    case "stuck":
      return { allowed: true };
    case "running":
    case "compensating":
      return { allowed: false, because: words.itself };
    case "completed":
    case "compensated":
      return { allowed: false, because: words.settled };
    default:
      return state satisfies never;
  }
}

/** Until its last step, which is the point of no return, has begun. */
export function mayCancel({ state, steps }: SagaDetail, words: Words): Permission {
  if (state === "completed" || state === "compensated") {
    return { allowed: false, because: words.settled };
  }
  if (state === "compensating" || isTurnedBack(steps)) {
    return { allowed: false, because: words.turning };
  }
  const last = steps.at(-1);
  return last === undefined || last.state === "waiting"
    ? { allowed: true }
    : { allowed: false, because: words.noReturn };
}

/** Whether what was done is being taken back, or has been. */
export function isTurnedBack(steps: SagaDetail["steps"]): boolean {
  return steps.some(({ state }) => state === "undoing" || state === "undone" || state === "refused");
}

/** How long each step took: from the end of the one before it. */
export function durations({ created_at, steps }: Pick<SagaDetail, "created_at" | "steps">): (number | null)[] {
  const isForward = !isTurnedBack(steps);
  let before = Date.parse(created_at);
  return steps.map(({ at, state }) => {
    if (at === null || at === undefined || state !== "done" || !isForward) {
      return null;
    }
    const took = Math.max(0, Date.parse(at) - before);
    before = Date.parse(at);
    return took;
  });
}

/** What a step asks, in a line such as `PUT order-service /orders/1`; nothing where it is no request. */
export function requestLine(input: Step["input"]): string {
  const { method, service, path }: Record<string, unknown> = input ?? {};
  return [method, service, path].filter((part) => typeof part === "string").join(" ");
}
