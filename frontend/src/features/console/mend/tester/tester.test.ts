import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import document from "../../../../../openapi.json";
import { at, server } from "../../../../testing/server";
import { readApi } from "../../schema/document";
import { pieces, prettyXml } from "../../schema/highlight";
import { bodyOf, curl, type Draft, prepare, type Target, waysOf } from "./request";
import { replyOf, sendRaw, tokenOf, traceOf } from "./send";

const api = readApi(document);

function target(id: string, more: Partial<Target> = {}): Target {
  return { operation: api.operations.find((one) => one.id === id) ?? null, name: id, ...more };
}

function draft(more: Partial<Draft> & { target: Target }): Draft {
  return {
    way: "json",
    fields: {},
    text: null,
    key: "",
    routingKey: "",
    headers: { "If-Match": "", Prefer: "" },
    ...more,
  };
}

const cancel = target("cancel_order", { amqp: "order.cancel", soap: "CancelOrder" });

test("what is in the path stays out of the body, and the other way round", () => {
  const fields = { id: "a/b", reason: "late" };
  expect(prepare(api, draft({ target: cancel, fields, key: "k1" }))).toEqual({
    method: "POST",
    path: "/orders/a%2Fb/cancel",
    headers: { Accept: "application/json", "Content-Type": "application/json", "Idempotency-Key": "k1" },
    body: '{\n  "reason": "late"\n}',
  });
  const list = prepare(api, draft({ target: target("list_orders"), fields: { status: "pending", cursor: "" } }));
  expect(list).toMatchObject({ method: "GET", path: "/orders?status=pending", body: null });
});

test("the same request in XML, by SOAP and as a message", () => {
  const fields = { id: "1", reason: "late" };
  const xml = prepare(api, draft({ target: cancel, fields, way: "xml" }));
  expect(xml.headers).toMatchObject({ Accept: "application/xml", "Content-Type": "application/xml" });
  expect(xml.body).toBe('<cancel_order xmlns="urn:ecommerce-soa:v1">\n  <reason>late</reason>\n</cancel_order>');
  const soap = prepare(api, draft({ target: cancel, fields, way: "soap" }));
  expect(soap.path).toBe("/soap");
  expect(soap.body).toContain('<CancelOrder xmlns="urn:ecommerce-soa:v1">');
  expect(soap.body).toContain("<id>1</id>");
  const amqp = prepare(api, draft({ target: cancel, fields, way: "amqp", routingKey: "order.cancel", key: "m1" }));
  expect(amqp.path).toBe("/esb/publish");
  const message = JSON.parse(amqp.body ?? "");
  expect(message).toMatchObject({ routing_key: "order.cancel", content_type: "application/json", message_id: "m1" });
  expect(JSON.parse(message.body)).toEqual(fields);
});

test("headers go out as far as they say something, and not with a message", () => {
  const headers = { "If-Match": '"3"', Prefer: " " };
  const fields = { id: "1" };
  const sent = prepare(api, draft({ target: cancel, fields, headers })).headers;
  expect(sent).toMatchObject({ "If-Match": '"3"' });
  expect(sent).not.toHaveProperty("Prefer");
  expect(prepare(api, draft({ target: cancel, fields, headers, way: "amqp" })).headers).not.toHaveProperty("If-Match");
});

test("of a long answer the end is held, and all of it is counted", async () => {
  const body = `${"x".repeat(300_000)}end`;
  server.use(http.post(at("/orders/1/cancel"), () => HttpResponse.text(body)));
  const sending = { token: null, signal: new AbortController().signal, tell: () => {} };
  const answer = await sendRaw(prepare(api, draft({ target: cancel, fields: { id: "1" } })), sending);
  expect(answer).toMatchObject({ bytes: 300_003, isCut: true });
  expect(answer.body).toHaveLength(200_000);
  expect(answer.body.endsWith("xend")).toBe(true);
});

test("what is typed goes out as it is, broken or not", () => {
  expect(bodyOf(api, draft({ target: cancel, fields: { id: "1" }, text: "{broken" }))).toBe("{broken");
  expect(prepare(api, draft({ target: cancel, fields: { id: "1" }, text: "{broken" })).path).toBe("/orders/1/cancel");
});

test("only the doors that a route has are offered", () => {
  expect(waysOf(target("place_order", { amqp: "order.place" }))).toEqual(["json", "xml", "amqp", "amqp-xml"]);
  expect(waysOf(target("token"))).toEqual(["json"]);
  expect(waysOf({ operation: null, name: "own" })).toEqual(["amqp", "amqp-xml"]);
});

test("what is copied for a terminal survives a quote, and tells no token", () => {
  const prepared = prepare(api, draft({ target: cancel, fields: { id: "1", reason: "it's late" } }));
  const text = curl(prepared, "https://shop.example/api", false);
  expect(text).toContain("-X POST 'https://shop.example/api/orders/1/cancel'");
  expect(text).toContain(`"it'\\''s late"`);
  expect(text).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(curl(prepared, "", true)).not.toContain("TOKEN");
});

test("an answer is told with its status, size and ids, also where it refuses", async () => {
  server.use(
    http.post(at("/orders/1/cancel"), ({ request }) => {
      const isMine = request.headers.get("Authorization") === "Bearer t";
      const headers = { "x-request-id": "r1", traceparent: "00-abc-def-01" };
      return HttpResponse.json({ detail: "ü" }, { status: isMine ? 409 : 401, headers });
    }),
  );
  const sending = { token: "t", signal: new AbortController().signal, tell: () => {} };
  const answer = await sendRaw(prepare(api, draft({ target: cancel, fields: { id: "1" } })), sending);
  expect(answer).toMatchObject({ status: 409, body: '{"detail":"ü"}', bytes: 15, isOpen: false });
  expect(traceOf(answer)).toEqual({ requestId: "r1", traceId: "abc" });
});

test("another account's token is asked for, and a refusal is told as it is", async () => {
  server.use(
    http.post(at("/auth/token"), async ({ request }) => {
      const isRight = (await request.text()).includes("client_secret=s");
      return isRight ? HttpResponse.json({ access_token: "t" }) : HttpResponse.json({ error: "no" }, { status: 401 });
    }),
  );
  const { signal } = new AbortController();
  expect(await tokenOf({ kind: "client", id: "c", secret: "s" }, signal)).toEqual({ token: "t" });
  expect(await tokenOf({ kind: "client", id: "c", secret: "x" }, signal)).toMatchObject({ refused: { status: 401 } });
});

test("the reply to a message is shown in place of the call that sent it", () => {
  const told = {
    message_id: "m",
    answer: { type: "problem", status: 404, content_type: "text/x", headers: { a: 1 }, body: "no" },
  };
  const answer = {
    status: 200,
    statusText: "",
    headers: [],
    body: JSON.stringify(told),
    bytes: 1,
    elapsedMs: 1,
    isOpen: false,
    isCut: false,
  };
  expect(replyOf(answer)).toMatchObject({ status: 404, statusText: "problem", body: "no", bytes: 2 });
  expect(replyOf({ ...answer, body: '{"message_id":"m"}' }).body).toBe('{"message_id":"m"}');
});

test("colours change nothing of a text", () => {
  const json = '{"a": [1, -2.5e3, "x\\"y", null], "b": {}}';
  const xml = '<a b="c"><d>1 &lt; 2</d><e/></a>';
  const joined = (text: string, language: "json" | "xml") =>
    pieces(text, language)
      .map((one) => one.text)
      .join("");
  expect(joined(json, "json")).toBe(json);
  expect(joined(xml, "xml")).toBe(xml);
  expect(
    pieces(json, "json")
      .filter(({ kind }) => kind === "name")
      .map(({ text }) => text),
  ).toEqual(['"a"', '"b"']);
  expect(prettyXml(xml)).toBe('<a b="c">\n  <d>1 &lt; 2</d>\n  <e/>\n</a>');
  expect(prettyXml("<a><b")).toBe("<a><b");
});
