import { expect, test } from "vitest";
import type { BusMap, Queue } from "../data/map";
import type { MessageSummary } from "../data/messages";
import { sceneOf } from "../data/scene";
import { type Box, planOf } from "./layout";
import { lineKind, lineWidth } from "./looks";
import { trailOf } from "./pulses";

const node = (id: string, kind: BusMap["nodes"][number]["kind"], change = {}) => ({
  ...{ id, kind, name: id.split(":")[1] ?? id, health: "good" as const },
  ...change,
});
const edge = (from: string, to: string, rate?: number, failed_rate = 0) => ({
  ...{ from, to, kind: "amqp" as const },
  ...(rate === undefined ? {} : { rate, failed_rate, p95_ms: rate * 10 }),
});

const map: BusMap = {
  at: "2026-03-01T10:00:00Z",
  nodes: [
    node("client:http-clients", "client"),
    node("client:amqp-producers", "client"),
    node("bus:esb", "bus"),
    node("service:order-service", "service"),
    node("engine:order-service/mysql", "engine"),
    node("engine:rabbitmq", "engine"),
    node("exchange:esb_exchange", "exchange"),
    node("exchange:domain_events", "exchange"),
    node("queue:esb.place-order", "queue", { messages: 2, consumers: 1 }),
    node("queue:esb.read-order", "queue", { messages: 3, consumers: 1, health: "degraded" }),
    node("queue:dead_letters", "queue", { messages: 1 }),
  ],
  edges: [
    edge("client:http-clients", "bus:esb", 2),
    edge("client:amqp-producers", "exchange:esb_exchange", 3),
    edge("exchange:esb_exchange", "queue:esb.place-order", 1),
    edge("exchange:esb_exchange", "queue:esb.read-order", 2),
    edge("queue:esb.place-order", "bus:esb", 1, 0.5),
    edge("queue:esb.read-order", "bus:esb", 2),
    edge("bus:esb", "queue:dead_letters"),
    edge("bus:esb", "service:order-service", 4),
    edge("service:order-service", "engine:order-service/mysql"),
    edge("service:order-service", "exchange:domain_events"),
  ],
};
const queues: Queue[] = [
  { name: "esb.place-order", purpose: "requests" },
  { name: "esb.read-order", purpose: "requests" },
  { name: "dead_letters", purpose: "dead-letters" },
];

function overlaps(boxes: Map<string, Box>): string[] {
  const all = [...boxes.entries()];
  const isApart = (a: Box, b: Box) =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  return all.flatMap(([id, a]) =>
    all.filter(([other, b]) => other !== id && !isApart(a, b)).map(([other]) => `${id} and ${other}`),
  );
}

test("queues of one purpose are one, whose health is that of the worst", () => {
  const { spots, ways } = sceneOf(map, queues, false);
  const group = spots.find(({ id }) => id === "group:requests");
  expect(group).toMatchObject({ messages: 5, consumers: 2, health: "degraded" });
  expect(group?.members).toHaveLength(2);
  expect(spots.some(({ id }) => id === "group:dead-letters")).toBe(true);
  const inbound = ways.find(({ id }) => id === "group:requests → bus:esb");
  expect(inbound).toMatchObject({ rate: 3, failed: 0.5, p95: 20 });
});

test("whoever wants sees each queue, and so does who can't ask the broker", () => {
  expect(sceneOf(map, queues, true).spots).toHaveLength(map.nodes.length);
  expect(sceneOf(map, [], false).spots).toHaveLength(map.nodes.length);
});

test("whoever nothing ties to the bus has a place of its own too", () => {
  const loose = [node("queue:audit", "queue"), node("exchange:spare", "exchange"), node("service:idle", "service")];
  const edges = [...map.edges, edge("exchange:spare", "queue:audit")];
  const scene = sceneOf({ ...map, nodes: [...map.nodes, ...loose], edges }, queues, true);
  const { boxes } = planOf(scene);
  expect(overlaps(boxes)).toEqual([]);
  const [audit, letters] = [boxes.get("queue:audit"), boxes.get("queue:dead_letters")];
  expect(audit?.y).toBe(letters?.y);
});

test("nobody lies on another, and the bus reaches all that it talks with", () => {
  const scene = sceneOf(map, queues, true);
  const { boxes, frame, ways } = planOf(scene);
  const all = [...boxes.entries()];
  expect(all).toHaveLength(scene.spots.length - 1);
  expect(overlaps(boxes)).toEqual([]);
  const bar = boxes.get("bus:esb");
  for (const id of ["client:http-clients", "queue:esb.place-order", "service:order-service"]) {
    const box = boxes.get(id);
    const middle = (box?.x ?? 0) + (box?.width ?? 0) / 2;
    expect(middle, id).toBeGreaterThan(bar?.x ?? 0);
    expect(middle, id).toBeLessThan((bar?.x ?? 0) + (bar?.width ?? 0));
  }
  expect(frame).not.toBeNull();
  expect(ways.size).toBe(map.edges.length);
});

test("a message runs along the lines that it has taken", () => {
  const { ways } = sceneOf(map, queues, false);
  const message = { route: "place-order", door: "amqp", outcome: "done" } as MessageSummary;
  const route = { name: "place-order", to: { service: "order-service /orders" } };
  expect(trailOf(message, route as never, ways)).toEqual([
    "client:amqp-producers → exchange:esb_exchange",
    "exchange:esb_exchange → group:requests",
    "group:requests → bus:esb",
    "bus:esb → service:order-service",
  ]);
  expect(trailOf({ ...message, door: "soap" }, undefined, ways)).toEqual([]);
});

test("a line is wider and says more the more passes", () => {
  const way = { id: "", from: "", to: "", kind: "http" as const, p95: null };
  expect(lineKind({ ...way, rate: null, failed: null })).toBe("unseen");
  expect(lineKind({ ...way, rate: 0, failed: 0 })).toBe("idle");
  expect(lineKind({ ...way, rate: 10, failed: 0.01 })).toBe("seen");
  expect(lineKind({ ...way, rate: 10, failed: 1 })).toBe("failing");
  expect(lineWidth(100)).toBeGreaterThan(lineWidth(1));
});
