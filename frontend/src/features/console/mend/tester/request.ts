import { type Api, messageSchema, type Operation, rootOf, type Schema } from "../../schema/document";
import type { Json, JsonObject } from "../../schema/json";
import { envelope, writeXml } from "../../schema/xml";

/** By which door a request goes in, and in which format. */
export type Way = "json" | "xml" | "soap" | "amqp" | "amqp-xml";

/** What one can ask for: an operation, and the names that its route has at the other doors. */
export interface Target {
  /** `null` where the description has none: a message of one's own. */
  operation: Operation | null;
  name: string;
  amqp?: string;
  soap?: string;
}

/** What somebody has chosen and filled in. */
export interface Draft {
  target: Target;
  way: Way;
  /** The path's parameters and the query, and the body's properties. */
  fields: JsonObject;
  /** The body, where it was typed as it is. */
  text: string | null;
  /** `Idempotency-Key`, or `message_id`; none where it is empty. */
  key: string;
  /** Of a message: where it goes. */
  routingKey: string;
  /** Further headers of HTTP, as far as they say something. */
  headers: Record<OptionalHeader, string>;
}

/** What a caller may say beside the request itself. */
export const OPTIONAL_HEADERS = ["If-Match", "Prefer"] as const;
export type OptionalHeader = (typeof OPTIONAL_HEADERS)[number];

/** A request of HTTP as it goes out, without who asks. */
export interface Prepared {
  method: string;
  /** Behind `/api`. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

const JSON_TYPE = "application/json";
const XML_TYPE = "application/xml";

export function isMessage(way: Way): boolean {
  return way === "amqp" || way === "amqp-xml";
}

export function waysOf({ operation, amqp, soap }: Target): Way[] {
  if (operation === null) {
    return ["amqp", "amqp-xml"];
  }
  const isForm = operation.body !== null && operation.body.type !== JSON_TYPE;
  const ways: Way[] = isForm ? ["json"] : ["json", "xml"];
  return [
    ...ways,
    ...(soap === undefined ? [] : (["soap"] as const)),
    ...(amqp === undefined ? [] : (["amqp", "amqp-xml"] as const)),
  ];
}

/** Which fields there are to fill in. */
export function schemaOf({ target: { operation }, way, text }: Draft): Schema {
  if (operation === null) {
    return { type: "object", properties: {} };
  }
  if (isMessage(way) || way === "soap") {
    return messageSchema(operation);
  }
  return messageSchema(text === null ? { ...operation } : { ...operation, body: null });
}

/** The body as it goes out; `null` where there is none. */
export function bodyOf(api: Api, draft: Draft): string | null {
  const { target, way, fields, text } = draft;
  const { operation } = target;
  const takesBody = operation === null || isMessage(way) || way === "soap" || operation.body !== null;
  if (text !== null || operation === null) {
    return takesBody ? (text ?? "") : null;
  }
  const message = messageSchema(operation);
  switch (way) {
    case "soap":
      return envelope(writeXml(api, message, fields, target.soap ?? target.name));
    case "amqp":
      return JSON.stringify(fields, null, 2);
    case "amqp-xml":
      return writeXml(api, message, fields, operation.body === null ? target.name : rootOf(api, operation.body.schema));
    case "json":
    case "xml":
      return operation.body === null ? null : httpBody(api, operation, way, bodyFields(operation, fields));
    default:
      return way satisfies never;
  }
}

function httpBody(api: Api, operation: Operation, way: "json" | "xml", fields: JsonObject): string {
  const { type = JSON_TYPE, schema = {} } = operation.body ?? {};
  if (way === "xml") {
    return writeXml(api, schema, fields, rootOf(api, schema));
  }
  if (type !== JSON_TYPE) {
    return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString();
  }
  return JSON.stringify(fields, null, 2);
}

function bodyFields(operation: Operation, fields: JsonObject): JsonObject {
  const outside = new Set(operation.parameters.filter((one) => one.in !== "header").map(({ name }) => name));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !outside.has(name)));
}

/** The request that a draft is; a message goes by the bus's own operation for publishing. */
export function prepare(api: Api, draft: Draft): Prepared {
  const { way, target, key } = draft;
  const body = bodyOf(api, draft);
  if (isMessage(way) || target.operation === null) {
    return publishing(draft, body ?? "");
  }
  const said = Object.entries(draft.headers).filter(([, value]) => value.trim() !== "");
  const named: Record<string, string> = {
    ...(key === "" ? {} : { "Idempotency-Key": key }),
    ...Object.fromEntries(said),
  };
  if (way === "soap") {
    const headers = { ...named, "Content-Type": "text/xml; charset=utf-8", SOAPAction: '""' };
    return { method: "POST", path: "/soap", headers, body };
  }
  const { operation } = target;
  const format = way === "xml" ? XML_TYPE : JSON_TYPE;
  const type = way === "xml" ? XML_TYPE : (operation.body?.type ?? JSON_TYPE);
  const accept = operation.path.endsWith("/events") || operation.path === "/esb/stream" ? "text/event-stream" : format;
  const headers = { Accept: accept, ...(body === null ? {} : { "Content-Type": type }), ...named };
  return { method: operation.method, path: pathOf(operation, draft.fields), headers, body };
}

function publishing({ way, key, routingKey }: Draft, body: string): Prepared {
  const content_type = way === "amqp" ? JSON_TYPE : XML_TYPE;
  const message = { routing_key: routingKey, content_type, ...(key === "" ? {} : { message_id: key }), body };
  return {
    method: "POST",
    path: "/esb/publish",
    headers: { Accept: JSON_TYPE, "Content-Type": JSON_TYPE },
    body: JSON.stringify(message),
  };
}

function pathOf({ path, parameters }: Operation, fields: JsonObject): string {
  const said = (name: string) => fields[name] ?? "";
  const whole = path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(textOf(said(name))));
  const query = parameters.filter((one) => one.in === "query" && textOf(said(one.name)) !== "");
  const written = new URLSearchParams(query.map(({ name }) => [name, textOf(said(name))])).toString();
  return written === "" ? whole : `${whole}?${written}`;
}

function textOf(value: Json): string {
  return value === null ? "" : String(value);
}

/** The same for a terminal; who asks is a variable, since tokens are not to be pasted about. */
export function curl({ method, path, headers, body }: Prepared, base: string, isNobody: boolean): string {
  const lines = [`curl -i -X ${method} ${quoted(`${base}${path}`)}`];
  if (!isNobody) {
    lines.push(`-H "Authorization: Bearer $TOKEN"`);
  }
  lines.push(...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  if (body !== null) {
    lines.push(`--data-binary ${quoted(body)}`);
  }
  return lines.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
