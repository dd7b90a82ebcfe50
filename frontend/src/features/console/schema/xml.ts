import { type Api, plain, type Schema } from "./document";
import { isObject, type Json, type JsonObject } from "./json";
import { parseXml, type XmlElement } from "./xml-tree";

export const NAMESPACE = "urn:ecommerce-soa:v1";
const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const INDENT = "  ";

/** Where an element stands: its schema, and how deep it is. */
interface Place {
  api: Api;
  schema: Schema;
  depth: number;
}

/** A document as XML, by the rules of the bus: elements named by properties, arrays wrapped, absent what is absent. */
export function writeXml(api: Api, schema: Schema, value: Json, root: string): string {
  const text = element(root, value, { api, schema, depth: 0 });
  const nil = text.includes("xsi:nil=") ? ` xmlns:xsi="${XSI}"` : "";
  return text.replace(/^<[^\s/>]+/, (open) => `${open} xmlns="${NAMESPACE}"${nil}`);
}

function element(name: string, value: Json, { api, schema, depth }: Place): string {
  const pad = INDENT.repeat(depth);
  if (value === null) {
    return `${pad}<${name} xsi:nil="true"/>`;
  }
  const known = plain(api, schema);
  const inner = Array.isArray(value)
    ? value.map((item) =>
        element(plain(api, known.items ?? {}).xml?.name ?? "item", item, place(api, known.items, depth)),
      )
    : isObject(value)
      ? ordered(value, known.properties).map(([key, one]) =>
          element(key, one, place(api, known.properties?.[key], depth)),
        )
      : escaped(String(value));
  if (typeof inner === "string") {
    return `${pad}<${name}>${inner}</${name}>`;
  }
  return inner.length === 0 ? `${pad}<${name}/>` : `${pad}<${name}>\n${inner.join("\n")}\n${pad}</${name}>`;
}

function place(api: Api, schema: Schema | undefined, depth: number): Place {
  return { api, schema: schema ?? {}, depth: depth + 1 };
}

/** As the schema orders them; what it does not know comes last. */
function ordered(value: JsonObject, properties: Record<string, Schema> = {}): [string, Json][] {
  const rank = new Map(Object.keys(properties).map((name, index) => [name, index]));
  const of = (name: string) => rank.get(name) ?? rank.size;
  return Object.entries(value).sort(([one], [other]) => of(one) - of(other));
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The same as a request of SOAP 1.1. */
export function envelope(content: string): string {
  const inner = content.replace(/^/gm, INDENT.repeat(2));
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\n  <soap:Body>\n${inner}\n  </soap:Body>\n</soap:Envelope>`;
}

/** The document that an XML text is, by the schema; `undefined` where it is no XML. */
export function readXml(api: Api, schema: Schema, text: string): Json | undefined {
  const root = parseXml(text);
  return root === undefined ? undefined : meant(api, schema, root);
}

function meant(api: Api, schema: Schema, { isNil, children, text }: XmlElement): Json {
  if (isNil) {
    return null;
  }
  const known = plain(api, schema);
  switch (known.kind) {
    case "array":
      return children.map((child) => meant(api, known.items ?? {}, child));
    case "object":
      return Object.fromEntries(
        children.map((child) => [child.name, meant(api, known.properties?.[child.name] ?? {}, child)]),
      );
    case "integer":
    case "number":
      return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
    case "boolean":
      return booleanOf(text.trim());
    default:
      return text;
  }
}

function booleanOf(text: string): Json {
  return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
}
