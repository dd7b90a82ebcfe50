import { expect, test } from "vitest";
import document from "../../../../openapi.json";
import { flaws } from "./check";
import { messageSchema, readApi, rootOf } from "./document";
import { example } from "./example";
import type { Json } from "./json";
import { pretty } from "./json";
import { envelope, readXml, writeXml } from "./xml";
import { parseXml } from "./xml-tree";

const api = readApi(document);
const operation = (id: string) => {
  const found = api.operations.find((one) => one.id === id);
  if (found === undefined) {
    throw new Error(`the document does not describe ${id}`);
  }
  return found;
};
const order = messageSchema(operation("place_order"));
const ID = "019a0000-0000-7000-8000-000000000000";

const wanted: Json = {
  customer_id: ID,
  items: [{ product_id: ID, quantity: 2 }],
  payment: { method: "card", token: "tok_<&>" },
};

test("an order is written in XML as the bus reads it, in the schema's order", () => {
  const text = writeXml(api, order, { payment: { token: "tok_<&>", method: "card" }, ...wanted }, rootOf(api, order));
  expect(text).toBe(`<place_order xmlns="urn:ecommerce-soa:v1">
  <customer_id>${ID}</customer_id>
  <items>
    <item>
      <product_id>${ID}</product_id>
      <quantity>2</quantity>
    </item>
  </items>
  <payment>
    <method>card</method>
    <token>tok_&lt;&amp;&gt;</token>
  </payment>
</place_order>`);
});

test("null and nothing are told apart", () => {
  const schema = { type: "object", properties: { a: { type: ["string", "null"] }, b: { type: "array" } } };
  const text = writeXml(api, schema, { a: null, b: [] }, "x");
  expect(text).toContain('<x xmlns="urn:ecommerce-soa:v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">');
  expect(readXml(api, schema, text)).toEqual({ a: null, b: [] });
});

test("what was written is read as it was, from an envelope's content too", () => {
  const text = writeXml(api, order, wanted, "place_order");
  expect(readXml(api, order, text)).toEqual(wanted);
  expect(readXml(api, order, "<place_order><broken")).toBeUndefined();
  const body = new DOMParser().parseFromString(envelope(text), "application/xml");
  expect(body.getElementsByTagNameNS("urn:ecommerce-soa:v1", "quantity")[0]?.textContent).toBe("2");
});

test("every operation's example fits its own schema, but for what only its author knows", () => {
  for (const one of api.operations.filter(({ body }) => body?.type === "application/json")) {
    const schema = messageSchema(one);
    const found = flaws(api, schema, example(api, schema)).filter(({ kind }) => kind !== "pattern");
    expect(found, one.id).toEqual([]);
  }
});

test("what is wrong with a document is said at its place", () => {
  const broken: Json = {
    customer_id: "me",
    items: [{ product_id: ID, quantity: 0, colour: "red" }, "mug"],
    payment: { method: "cash" },
  };
  const found = flaws(api, order, broken).map(({ pointer, kind }) => `${pointer} ${kind}`);
  expect(found).toEqual([
    "/customer_id format",
    "/items/0/colour unknown",
    "/items/0/quantity range",
    "/items/1 type",
    "/payment/token missing",
    "/payment/method choice",
  ]);
});

test("a message carries the path's parameters beside its body", () => {
  const cancel = messageSchema(operation("cancel_order"));
  expect(flaws(api, cancel, { reason: "no" }).map(({ pointer }) => pointer)).toEqual(["/id"]);
  expect(flaws(api, cancel, { id: ID, reason: "no" })).toEqual([]);
  expect(flaws(api, messageSchema(operation("get_order")), { id: ID, x: 1 })).toMatchObject([{ kind: "unknown" }]);
});

test("XML is read as it is meant, and what is none is not read", () => {
  const text = '<?xml version="1.0"?><!-- a --><p:a xmlns:p="u">1 &lt; 2 &#x41;<b x=\'1\'/><![CDATA[<c>]]></p:a>';
  expect(parseXml(text)).toEqual({
    name: "a",
    isNil: false,
    text: "1 < 2 A<c>",
    children: [{ name: "b", isNil: false, text: "", children: [] }],
  });
  const broken = [
    "",
    "a",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a>&nbsp;</a>",
    "<a>&</a>",
    "<a x=1/>",
    "<a><b></a></b>",
    "<!DOCTYPE a><a/>",
  ];
  expect(broken.filter((one) => parseXml(one) !== undefined)).toEqual([]);
});

test("JSON is set in lines without a change to what it says", () => {
  const text = '{"a":[1,{"b":"x: {,}\\" ","c":{}}],"d":12345678901234567890,"e":1.0,"f":[]}';
  expect(pretty(text)).toBe(
    '{\n  "a": [\n    1,\n    {\n      "b": "x: {,}\\" ",\n      "c": {}\n    }\n  ],\n  "d": 12345678901234567890,\n  "e": 1.0,\n  "f": []\n}',
  );
  expect(pretty("{broken")).toBe("{broken");
  expect(pretty(' "x" ')).toBe('"x"');
});
