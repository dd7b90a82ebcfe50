import { expect, test } from "vitest";
import document from "../../../../../openapi.json";
import { readApi } from "../../schema/document";
import { judge, schemaOfRoute } from "../../schema/judge";
import { filterOf, replayOf } from "./filter";

const api = readApi(document);
const doors = [{ route: "cancel-order", http: "POST /orders/{id}/cancel", amqp: "order.cancel" }];
const ID = "019a0000-0000-7000-8000-000000000000";

test("what the address asks for is asked as the system takes it", () => {
  const filter = filterOf({ state: "waiting", reason: "expired", from: "2026-01-02T03:04", to: "nonsense" });
  expect(filter).toEqual({ state: "waiting", reason: "expired", from: new Date("2026-01-02T03:04").toISOString() });
  expect(filterOf({ state: "lost" })).toEqual({});
});

test("a replay of what matches takes only what waits, in the batches that were typed", () => {
  const manner = { batches: "1, 10;100", perSecond: "5", stopOnFailure: "yes" as const };
  expect(replayOf({ filter: { reason: "expired" } }, manner)).toEqual({
    selection: { reason: "expired", state: "waiting" },
    batches: [1, 10, 100],
    per_second: 5,
    stop_on_failure: true,
  });
  const plain = { batches: " ", perSecond: "", stopOnFailure: "no" as const };
  expect(replayOf({ ids: ["a"] }, plain)).toEqual({ ids: ["a"], stop_on_failure: false });
  expect(replayOf({ ids: ["a"] }, { ...plain, batches: "ten" })).toBeNull();
  expect(replayOf({ ids: ["a"] }, { ...plain, perSecond: "0" })).toBeNull();
  expect(replayOf({ ids: ["a"] }, { ...plain, perSecond: "10001" })).toBeNull();
});

test("a body is judged by what its route wants, in JSON and in XML", () => {
  const schema = schemaOfRoute(api, doors, "cancel-order");
  const json = (text: string) => judge(api, schema, { text, format: "json" });
  expect(json(`{"id": "${ID}"}`)).toEqual({ kind: "fine" });
  expect(json('{"reason": "x"}')).toMatchObject({ kind: "flawed", flaws: [{ pointer: "/id", kind: "missing" }] });
  expect(json("{")).toEqual({ kind: "broken" });
  const xml = `<cancel_order xmlns="urn:ecommerce-soa:v1"><id>${ID}</id><why>x</why></cancel_order>`;
  expect(judge(api, schema, { text: xml, format: "xml" })).toMatchObject({ flaws: [{ pointer: "/why" }] });
});

test("where no route says what a body has to be, only what can't be read is said", () => {
  expect(schemaOfRoute(api, doors, null)).toBeNull();
  expect(judge(api, null, { text: "[1]", format: "json" })).toEqual({ kind: "unknown" });
  expect(judge(api, null, { text: "<a", format: "xml" })).toEqual({ kind: "broken" });
});
