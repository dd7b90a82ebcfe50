import { type Api, type Plain, plain, type Schema } from "./document";
import type { Json } from "./json";

const DEPTH_MAX = 8;

/** A document as the schema wants one: what must be there, with something in each place. */
export function example(api: Api, schema: Schema, depth = 0): Json {
  const wanted = plain(api, schema);
  if (wanted.example !== undefined) {
    return wanted.example as Json;
  }
  switch (wanted.kind) {
    case "object":
      return depth > DEPTH_MAX ? {} : ofObject(api, wanted, depth);
    case "array":
      return depth > DEPTH_MAX ? [] : [example(api, wanted.items ?? {}, depth + 1)];
    case "string":
      return ofText(wanted);
    case "integer":
    case "number":
      return wanted.minimum ?? 1;
    case "boolean":
      return false;
    case "any":
      return null;
    default:
      return wanted.kind satisfies never;
  }
}

function ofObject(api: Api, wanted: Plain, depth: number): Json {
  const properties = wanted.properties ?? {};
  const needed = (wanted.required ?? []).filter((name) => name in properties);
  return Object.fromEntries(needed.map((name) => [name, example(api, properties[name] ?? {}, depth + 1)]));
}

function ofText(wanted: Plain): string {
  if (wanted.enum?.[0] !== undefined) {
    return wanted.enum[0];
  }
  switch (wanted.format) {
    case "uuid":
      return "00000000-0000-7000-8000-000000000000";
    case "date-time":
      return "2026-01-01T00:00:00Z";
    default:
      return wanted.pattern?.includes("A-Z]{3}") ? "EUR" : "";
  }
}
