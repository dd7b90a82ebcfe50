import { BASE } from "../../../../shared/api/client";
import { isObject, parsed } from "../../schema/json";
import type { Prepared } from "./request";

/** What came back. */
export interface Answer {
  status: number;
  statusText: string;
  headers: [string, string][];
  body: string;
  bytes: number;
  elapsedMs: number;
  /** Whether more may come: a stream. */
  isOpen: boolean;
  /** Whether only the end of the body is held: a stream may go on for hours. */
  isCut: boolean;
}

/** So many characters of a body are held, which is more than anybody reads. */
const HELD_MAX = 200_000;

interface Sending {
  token: string | null;
  signal: AbortSignal;
  /** Called with what there is, whenever more of it has come. */
  tell: (answer: Answer) => void;
}

/** Sends it as it is: an answer is an answer, whatever it says. */
export async function sendRaw(prepared: Prepared, { token, signal, tell }: Sending): Promise<Answer> {
  const { method, path, body } = prepared;
  const headers = { ...prepared.headers, ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
  const begun = performance.now();
  // Who asks is chosen here: the cookie of whoever is signed in must not say another.
  const response = await fetch(`${BASE}${path}`, { method, headers, body, signal, credentials: "omit" });
  let answer: Answer = {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    body: "",
    bytes: 0,
    elapsedMs: performance.now() - begun,
    isOpen: true,
    isCut: false,
  };
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    const body = answer.body + decoder.decode(piece.value, { stream: true });
    const isCut = answer.isCut || body.length > HELD_MAX;
    answer = { ...answer, body: body.slice(-HELD_MAX), isCut, bytes: answer.bytes + piece.value.length };
    tell(answer);
  }
  return { ...answer, isOpen: false, elapsedMs: performance.now() - begun };
}

/** Who asks, by what. */
export type Identity =
  | { kind: "me" }
  | { kind: "nobody" }
  | { kind: "account"; email: string; password: string }
  | { kind: "client"; id: string; secret: string };

/** A token for another account or a machine client, or the answer that refused it. */
export async function tokenOf(
  identity: Identity,
  signal: AbortSignal,
): Promise<{ token: string } | { refused: Answer }> {
  const prepared = identity.kind === "client" ? asClient(identity) : asAccount(identity);
  const answer = await sendRaw(prepared, { token: null, signal, tell: () => {} });
  const told = parsed(answer.body);
  const token = isObject(told) ? told.access_token : undefined;
  return answer.status === 200 && typeof token === "string" ? { token } : { refused: answer };
}

function asAccount(identity: Identity): Prepared {
  const { email, password } = identity.kind === "account" ? identity : { email: "", password: "" };
  const body = JSON.stringify({ email, password });
  return { method: "POST", path: "/auth/login", headers: { "Content-Type": "application/json" }, body };
}

function asClient({ id, secret }: { id: string; secret: string }): Prepared {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { method: "POST", path: "/auth/token", headers, body: body.toString() };
}

/** What a message was answered, as the bus's operation for publishing tells it. */
export function replyOf(answer: Answer): Answer {
  const told = parsed(answer.body);
  const reply = answer.status === 200 && isObject(told) && isObject(told.answer) ? told.answer : null;
  if (reply === null) {
    return answer;
  }
  const headers = isObject(reply.headers) ? Object.entries(reply.headers) : [];
  const body = String(reply.body ?? "");
  return {
    ...answer,
    status: typeof reply.status === "number" ? reply.status : answer.status,
    statusText: String(reply.type ?? ""),
    headers: [
      ["content-type", String(reply.content_type ?? "")],
      ...headers.map(([k, v]): [string, string] => [k, String(v)]),
    ],
    body,
    bytes: new TextEncoder().encode(body).length,
  };
}

/** The ids that an answer carries, by which its message is found again. */
export function traceOf(answer: Answer): { requestId?: string; traceId?: string } {
  const header = (name: string) => answer.headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const requestId = header("x-request-id");
  const traceId = header("traceparent")?.split("-")[1];
  return { ...(requestId === undefined ? {} : { requestId }), ...(traceId === undefined ? {} : { traceId }) };
}
