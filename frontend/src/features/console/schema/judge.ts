import type { Doors } from "../data/description";
import { type Flaw, flaws } from "./check";
import { type Api, messageSchema, type Schema } from "./document";
import { parsed } from "./json";
import { readXml } from "./xml";

/** What is to be said about a body before it is saved. */
export type Judged = { kind: "unknown" } | { kind: "fine" } | { kind: "broken" } | { kind: "flawed"; flaws: Flaw[] };

/** What a route's messages have to be; `null` where nothing says so. */
export function schemaOfRoute(api: Api, doors: Doors[], route: string | null): Schema | null {
  const http = doors.find((one) => one.route === route)?.http;
  const operation = api.operations.find(({ method, path }) => `${method} ${path}` === http);
  return operation === undefined ? null : messageSchema(operation);
}

export function judge(
  api: Api,
  schema: Schema | null,
  { text, format }: { text: string; format: "json" | "xml" },
): Judged {
  const value = format === "xml" ? readXml(api, schema ?? {}, text) : parsed(text);
  if (value === undefined) {
    return { kind: "broken" };
  }
  if (schema === null) {
    return { kind: "unknown" };
  }
  const found = flaws(api, schema, value);
  return found.length === 0 ? { kind: "fine" } : { kind: "flawed", flaws: found };
}
