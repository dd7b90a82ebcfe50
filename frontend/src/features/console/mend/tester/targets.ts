import type { Doors } from "../../data/description";
import { type Api, messageSchema } from "../../schema/document";
import { example } from "../../schema/example";
import { isObject, type JsonObject } from "../../schema/json";
import type { Draft, Target, Way } from "./request";
import { isMessage, waysOf } from "./request";

/** A message of one's own, with any key and body. */
const OWN: Target = { operation: null, name: "message" };

/** All that one can ask the bus for. */
export function targetsOf(api: Api, doors: Doors[]): Target[] {
  const described = api.operations.map((operation): Target => {
    const door = doors.find(({ http }) => http === `${operation.method} ${operation.path}`);
    return {
      operation,
      name: operation.id,
      ...(door?.amqp === undefined ? {} : { amqp: door.amqp }),
      ...(door?.soap === undefined ? {} : { soap: door.soap }),
    };
  });
  return [...described.filter(({ name }) => name !== "soap"), OWN];
}

/** The draft that one begins with: an example, in the name of whoever is signed in. */
export function beginning(api: Api, target: Target, me: string): Draft {
  const way: Way = waysOf(target)[0] ?? "json";
  const fields = target.operation === null ? {} : example(api, messageSchema(target.operation));
  return {
    target,
    way,
    fields: isObject(fields) ? mine(fields, me) : {},
    text: target.operation === null ? "{}" : null,
    key: needsKey(target, way) ? crypto.randomUUID() : "",
    routingKey: target.amqp ?? "",
    headers: { "If-Match": "", Prefer: "" },
  };
}

function mine(fields: JsonObject, me: string): JsonObject {
  return "customer_id" in fields ? { ...fields, customer_id: me } : fields;
}

/** What begins or moves something, and so is better done once. */
export function needsKey({ operation }: Target, way: Way): boolean {
  return isMessage(way) || operation?.method === "POST";
}

export interface TargetGroup {
  tag: string;
  targets: Target[];
}

/** By what they are about, as the description has them. */
export function grouped(targets: Target[]): TargetGroup[] {
  const tags = [...new Set(targets.map(({ operation }) => operation?.tag ?? "amqp"))];
  return tags.map((tag) => ({ tag, targets: targets.filter(({ operation }) => (operation?.tag ?? "amqp") === tag) }));
}
