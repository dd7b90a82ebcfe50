import createClient from "openapi-fetch";
import { session } from "../session/session";
import { ApiError, ConnectionLost, problemOf } from "./problem";
import type { paths } from "./schema";

export const BASE = "/api";

const baseUrl = `${location.origin}${BASE}`;

/** The way to the system for whoever is signed in. */
export const api = createClient<paths>({ baseUrl, fetch: (request) => send(request) });
/** For what everybody may see: it waits for no session. */
export const openApi = createClient<paths>({ baseUrl, fetch: (request) => reach(request) });

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** What was asked for, or an error that says why not. */
export async function told<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) {
    return data as T;
  }
  throw new ApiError(problemOf(error, response), retryAfter(response));
}

/** Which version of a thing was read. Packing an answer makes its tag a weak one, which no change can be tied to. */
export function versionOf(response: Response): string | null {
  return response.headers.get("ETag")?.replace(/^W\//, "") ?? null;
}

/** Sends with the access token; one that the system no longer takes is renewed once. */
export async function send(request: Request): Promise<Response> {
  const spare = request.clone();
  const token = await session.token();
  const response = await reach(bearing(request, token));
  if (response.status !== 401 || token === null) {
    return response;
  }
  const next = await session.renewed(token);
  return next === null ? response : reach(bearing(spare, next));
}

function bearing(request: Request, token: string | null): Request {
  if (token !== null) {
    request.headers.set("Authorization", `Bearer ${token}`);
  }
  return request;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) {
      throw cause;
    }
    throw new ConnectionLost("no answer", { cause });
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}
