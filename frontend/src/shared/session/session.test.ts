import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { at, server } from "../../testing/server";
import { api, told } from "../api/client";
import { session } from "./session";

const customer = { id: "c1", email: "a@b.org", name: "Ada", status: "active" as const, created_at: "", updated_at: "" };
const opened = (token: string, seconds = 900) => ({
  customer,
  access_token: token,
  token_type: "Bearer",
  expires_in: seconds,
});

/** Takes only the token that was given out last; counts how often one was asked for. */
function system(current: { token: string; renewals: number }) {
  server.use(
    http.post(at("/auth/refresh"), ({ request }) => {
      expect(request.headers.get("X-Requested-With")).not.toBeNull();
      current.renewals += 1;
      current.token = `token-${current.renewals}`;
      return HttpResponse.json(opened(current.token));
    }),
    http.get(at("/customers/me"), ({ request }) => {
      const isGood = request.headers.get("Authorization") === `Bearer ${current.token}`;
      const refused = { type: "urn:problem:invalid-token", title: "", status: 401, detail: "" };
      return isGood ? HttpResponse.json(customer) : HttpResponse.json(refused, { status: 401 });
    }),
  );
  return current;
}

const me = () => told(api.GET("/customers/me"));

test("a token that the system no longer takes is renewed once, however many ask", async () => {
  const current = system({ token: "another", renewals: 0 });
  session.open(opened("old"));
  const answers = await Promise.all([me(), me(), me()]);
  expect(answers).toEqual([customer, customer, customer]);
  expect(current.renewals).toBe(1);
});

test("a token that ends soon is renewed before it is used", async () => {
  const current = system({ token: "old", renewals: 0 });
  session.open(opened("old", 5));
  await me();
  expect(current.renewals).toBe(1);
});

test("a session that has ended makes a guest, and a guest asks for nothing", async () => {
  let renewals = 0;
  server.use(
    http.post(at("/auth/refresh"), () => {
      renewals += 1;
      return HttpResponse.json({ type: "urn:problem:signed-out", title: "", status: 401, detail: "" }, { status: 401 });
    }),
  );
  session.open(opened("old", 5));
  expect(await session.token()).toBeNull();
  expect(session.current()).toEqual({ status: "guest" });
  expect(await session.token()).toBeNull();
  expect(renewals).toBe(1);
});
