import type { Schemas } from "../api/problem";
import { ApiError, ConnectionLost, problemOf } from "../api/problem";

type Customer = Schemas["Customer"];
type Opened = Schemas["Session"];

/** Who is here, as far as we know. */
export type Who =
  | { status: "unknown" }
  | { status: "unreachable" }
  | { status: "guest" }
  | { status: "member"; customer: Customer; isOperator: boolean };

/** Says only that there was a session, so that strangers are not asked to renew one. */
const HINT = "signed-in";
/** Since when a renewal is on its way; what a page leaves behind that went away meanwhile. */
const RENEWING = "renewing";
/** Within so long the answer to it has brought its cookie, and the token before it must not be used again. */
const SETTLED_MS = 10_000;
/** So long before its end a token is renewed, that clocks which differ do no harm. */
const SPARE_MS = 30_000;

/** The access token stays in memory; the refresh token is a cookie that no script can read. */
class SessionStore {
  private who: Who = { status: localStorage.getItem(HINT) === null ? "guest" : "unknown" };
  private access: { token: string; until: number } | null = null;
  private renewing: Promise<string | null> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor() {
    addEventListener("storage", (event) => this.followOtherTab(event));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): Who => this.who;

  /** Takes over what login, registration or renewal gave. */
  open(opened: Opened): void {
    this.access = { token: opened.access_token, until: Date.now() + opened.expires_in * 1_000 };
    localStorage.setItem(HINT, opened.customer.id);
    this.become({ status: "member", customer: opened.customer, isOperator: isOperators(opened.access_token) });
  }

  close(): void {
    this.access = null;
    localStorage.removeItem(HINT);
    this.become({ status: "guest" });
  }

  update(customer: Customer): void {
    if (this.who.status === "member") {
      this.become({ ...this.who, customer });
    }
  }

  /** A token that can be used now; none for a guest. */
  async token(): Promise<string | null> {
    if (this.access !== null && this.access.until - Date.now() > SPARE_MS) {
      return this.access.token;
    }
    return localStorage.getItem(HINT) === null ? null : this.renew();
  }

  /** Another one than `old`. */
  async renewed(old: string): Promise<string | null> {
    if (this.access !== null && this.access.token !== old) {
      return this.access.token;
    }
    return this.renew();
  }

  /** Finds the session again that a reload ended. */
  async restore(): Promise<void> {
    if (this.who.status === "guest" || this.who.status === "member") {
      return;
    }
    this.become({ status: "unknown" });
    await this.token().catch(() => this.become({ status: "unreachable" }));
  }

  private renew(): Promise<string | null> {
    this.renewing ??= inTurn(() => this.ask()).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async ask(): Promise<string | null> {
    await othersAreSettled();
    localStorage.setItem(RENEWING, String(Date.now()));
    const response = await post("/api/auth/refresh").finally(() => localStorage.removeItem(RENEWING));
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) {
      const opened = body as Opened;
      this.open(opened);
      return opened.access_token;
    }
    if (response.status === 401) {
      this.close();
      return null;
    }
    throw new ApiError(problemOf(body, response), null);
  }

  private followOtherTab(event: StorageEvent): void {
    if (event.key !== HINT || event.newValue === event.oldValue) {
      return;
    }
    this.access = null;
    this.become({ status: event.newValue === null ? "guest" : "unknown" });
    void this.restore();
  }

  private become(who: Who): void {
    this.who = who;
    for (const listener of this.listeners) {
      listener();
    }
  }
}

/** What the token says of its bearer's role; it decides on what is shown only, the system reads it for itself. */
function isOperators(token: string): boolean {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(atob(payload));
    const roles = typeof claims === "object" && claims !== null && "roles" in claims ? claims.roles : [];
    return Array.isArray(roles) && roles.includes("operator");
  } catch {
    return false;
  }
}

/** Tabs share the cookie, and a refresh token that is used twice ends the session: so one at a time. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks === undefined ? work() : navigator.locks.request("session", work);
}

/** A page that was reloaded in the middle of a renewal can't say how it ended, but its cookie comes all the same. */
function othersAreSettled(): Promise<void> {
  const since = Date.now() - Number(localStorage.getItem(RENEWING) ?? 0);
  return since < 0 || since >= SETTLED_MS ? Promise.resolve() : pause(SETTLED_MS - since);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** With the header that a form on a foreign page could not send. */
export async function post(path: string): Promise<Response> {
  try {
    // It goes on when the page goes away.
    return await fetch(path, { method: "POST", headers: { "X-Requested-With": "storefront" }, keepalive: true });
  } catch (cause) {
    throw new ConnectionLost("no answer", { cause });
  }
}

export const session = new SessionStore();
