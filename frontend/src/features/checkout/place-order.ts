import { api, told } from "../../shared/api/client";
import { ApiError, ConnectionLost, type Problem, type Schemas } from "../../shared/api/problem";
import type { Attempt } from "./attempt";

type Placement = Schemas["Placement"];

/** What the shopper is told meanwhile. */
export type Progress = "sending" | "asking" | "reconnecting";
export type Outcome = { kind: "confirmed"; orderId: string } | { kind: "refused"; problem: Problem };

type Step = Outcome | { kind: "running"; orderId: string } | { kind: "again"; progress: Progress; after: number };

const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 15_000;
const POLL_MS = 1_000;
/** How long the system may try before it answers that it is not settled yet. */
const PREFER = "wait=10";

interface Watcher {
  tell: (progress: Progress) => void;
  pause: (milliseconds: number) => Promise<void>;
}

/** Asks under the attempt's key until there is a clear answer: silence is not a no, and asking again buys nothing twice. */
export async function placeOrder(attempt: Attempt, watcher: Watcher): Promise<Outcome> {
  let orderId: string | null = null;
  let backoff = PAUSE_FIRST_MS;
  for (;;) {
    const asked: Promise<Step> = orderId === null ? send(attempt) : ask(orderId);
    const step = await asked.catch((error: unknown) => unclear(error, backoff));
    switch (step.kind) {
      case "confirmed":
      case "refused":
        return step;
      case "running":
        orderId = step.orderId;
        backoff = PAUSE_FIRST_MS;
        watcher.tell("asking");
        await watcher.pause(POLL_MS);
        break;
      case "again":
        backoff = Math.min(backoff * 2, PAUSE_MAX_MS);
        watcher.tell(step.progress);
        await watcher.pause(step.after);
        break;
      default:
        step satisfies never;
    }
  }
}

async function send({ key, body }: Attempt): Promise<Step> {
  const header = { "Idempotency-Key": key, Prefer: PREFER };
  const answer = await told(api.POST("/orders", { params: { header }, body }));
  return "order_id" in answer ? settled(answer) : { kind: "confirmed", orderId: answer.order.id };
}

async function ask(id: string): Promise<Step> {
  return settled(await told(api.GET("/orders/{id}/placement", { params: { path: { id } } })));
}

function settled({ state, order_id: orderId, problem }: Placement): Step {
  switch (state) {
    case "confirmed":
      return { kind: "confirmed", orderId };
    case "refused":
      return { kind: "refused", problem: problem ?? unknownRefusal };
    // An operator leads a stuck one on, so it is only a matter of time.
    case "stuck":
    case "running":
      return { kind: "running", orderId };
    default:
      return state satisfies never;
  }
}

const unknownRefusal: Problem = { type: "urn:problem:saga-undone", title: "Taken back", status: 409, detail: "" };

/** An error that leaves open what happened is asked about again; a clear no ends the attempt. */
function unclear(error: unknown, backoff: number): Step {
  if (error instanceof ConnectionLost) {
    return { kind: "again", progress: "reconnecting", after: backoff };
  }
  if (!(error instanceof ApiError) || error.problem.status === 401) {
    throw error;
  }
  const after = error.retryAfter === null ? backoff : error.retryAfter * 1_000;
  if (error.kind === "request-in-progress") {
    return { kind: "again", progress: "asking", after };
  }
  const isPassing = error.problem.status === 429 || (error.problem.status >= 500 && error.kind !== "saga-overdue");
  return isPassing ? { kind: "again", progress: "asking", after } : { kind: "refused", problem: error.problem };
}

/** Waits, but no longer than until the connection is back. */
export function pauseUntilOnline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
  });
}
