import { type Api, type Plain, plain, type Schema } from "./document";
import { isObject, type Json } from "./json";

/** What is wrong at a place of a document. */
export interface Flaw {
  pointer: string;
  kind: "missing" | "unknown" | "type" | "choice" | "range" | "pattern" | "format";
  /** What is wanted, where the kind does not say it. */
  wanted: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** What the schema has against a document; the bus may have more against it. */
export function flaws(api: Api, schema: Schema, value: Json, pointer = ""): Flaw[] {
  const wanted = plain(api, schema);
  if (value === null) {
    return wanted.isNullable || wanted.kind === "any" ? [] : [{ pointer, kind: "type", wanted: wanted.kind }];
  }
  switch (wanted.kind) {
    case "object":
      return isObject(value) ? ofObject(api, wanted, value, pointer) : [{ pointer, kind: "type", wanted: wanted.kind }];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => flaws(api, wanted.items ?? {}, item, `${pointer}/${index}`))
        : [{ pointer, kind: "type", wanted: wanted.kind }];
    case "any":
      return [];
    default:
      return ofValue(wanted, value, pointer);
  }
}

function ofObject(api: Api, wanted: Plain, value: { [name: string]: Json }, pointer: string): Flaw[] {
  const properties = wanted.properties ?? {};
  const missing = (wanted.required ?? []).filter((name) => !(name in value));
  const unknown = Object.keys(value).filter((name) => wanted.additionalProperties === false && !(name in properties));
  const at = (name: string) => `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return [
    ...missing.map((name): Flaw => ({ pointer: at(name), kind: "missing", wanted: "" })),
    ...unknown.map(
      (name): Flaw => ({ pointer: at(name), kind: "unknown", wanted: Object.keys(properties).join(", ") }),
    ),
    ...Object.entries(value).flatMap(([name, one]) => {
      const schema = properties[name];
      return schema === undefined ? [] : flaws(api, schema, one, at(name));
    }),
  ];
}

function ofValue(wanted: Plain, value: Json, pointer: string): Flaw[] {
  const isRight =
    wanted.kind === "integer" ? typeof value === "number" && Number.isInteger(value) : isOf(wanted.kind, value);
  if (!isRight) {
    return [{ pointer, kind: "type", wanted: wanted.kind }];
  }
  const found = typeof value === "string" ? ofText(wanted, value) : ofNumber(wanted, value);
  return found === null ? [] : [{ pointer, ...found }];
}

function ofText(wanted: Plain, text: string): Omit<Flaw, "pointer"> | null {
  if (wanted.enum !== undefined && !wanted.enum.includes(text)) {
    return { kind: "choice", wanted: wanted.enum.join(", ") };
  }
  if (wanted.pattern !== undefined && !new RegExp(wanted.pattern, "u").test(text)) {
    return { kind: "pattern", wanted: wanted.pattern };
  }
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = wanted;
  if (text.length < minLength || text.length > maxLength) {
    return { kind: "range", wanted: `${minLength}–${maxLength}` };
  }
  const isFormed =
    wanted.format === "uuid" ? UUID.test(text) : wanted.format === "date-time" ? INSTANT.test(text) : true;
  return isFormed ? null : { kind: "format", wanted: wanted.format ?? "" };
}

function ofNumber(wanted: Plain, value: Json): Omit<Flaw, "pointer"> | null {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = wanted;
  const isOut = typeof value === "number" && (value < minimum || value > maximum);
  return isOut ? { kind: "range", wanted: bounds(minimum, maximum) } : null;
}

function bounds(least: number, most: number): string {
  if (Number.isFinite(least) && Number.isFinite(most)) {
    return `${least}–${most}`;
  }
  return Number.isFinite(least) ? `≥ ${least}` : `≤ ${most}`;
}

function isOf(kind: Plain["kind"], value: Json): boolean {
  const actual: string = typeof value;
  return actual === kind;
}
