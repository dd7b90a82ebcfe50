import type { BusMap, Health, MapEdge, MapNode, Purpose, Queue } from "./map";

/** Something on the map: a node of the bus's own map, or several queues of one purpose. */
export interface Spot extends MapNode {
  purpose?: Purpose;
  /** The queues that it stands for. */
  members: MapNode[];
}

/** Who talks with whom; what the bus can't see is null. */
export interface Way {
  id: string;
  from: string;
  to: string;
  kind: MapEdge["kind"];
  rate: number | null;
  failed: number | null;
  p95: number | null;
}

export interface Scene {
  spots: Spot[];
  ways: Way[];
}

const WORST: Health[] = ["bad", "degraded", "unknown", "good"];

/** The broker holds exchanges and queues; it is drawn around them. */
export const BROKER = "engine:rabbitmq";

/** The map as it is shown: queues of one purpose are one spot where there is no room for each. */
export function sceneOf(map: BusMap, queues: Queue[], isDetailed: boolean): Scene {
  const purposes = new Map(queues.map(({ name, purpose }) => [name, purpose]));
  const spots = new Map<string, Spot>();
  const standsFor = new Map<string, string>();
  for (const node of map.nodes) {
    const purpose = node.kind === "queue" ? purposes.get(node.name) : undefined;
    const isGrouped = purpose !== undefined && !isDetailed;
    const id = isGrouped ? `group:${purpose}` : node.id;
    standsFor.set(node.id, id);
    const before = spots.get(id);
    spots.set(id, before === undefined ? spot(id, node, purpose) : joined(before, node));
  }
  return { spots: [...spots.values()], ways: waysOf(map.edges, standsFor) };
}

function spot(id: string, node: MapNode, purpose: Purpose | undefined): Spot {
  return { ...node, id, members: [node], ...(purpose === undefined ? {} : { purpose }) };
}

function joined(spot: Spot, node: MapNode): Spot {
  const health = WORST.find((one) => one === spot.health || one === node.health) ?? "unknown";
  return {
    ...spot,
    health,
    messages: (spot.messages ?? 0) + (node.messages ?? 0),
    consumers: (spot.consumers ?? 0) + (node.consumers ?? 0),
    members: [...spot.members, node],
  };
}

function waysOf(edges: MapEdge[], standsFor: Map<string, string>): Way[] {
  const ways = new Map<string, Way>();
  for (const edge of edges) {
    const from = standsFor.get(edge.from) ?? edge.from;
    const to = standsFor.get(edge.to) ?? edge.to;
    const id = wayId(from, to);
    const { kind, rate = null, failed_rate: failed = null, p95_ms: p95 = null } = edge;
    const before = ways.get(id);
    if (from !== to) {
      ways.set(id, {
        ...{ id, from, to, kind: before?.kind ?? kind },
        rate: added(before?.rate ?? null, rate),
        failed: added(before?.failed ?? null, failed),
        p95: higher(before?.p95 ?? null, p95),
      });
    }
  }
  return [...ways.values()];
}

export function wayId(from: string, to: string): string {
  return `${from} → ${to}`;
}

function added(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

function higher(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** Which share of what passes fails. */
export function failing({ rate, failed }: Way): number {
  return rate === null || rate === 0 ? 0 : (failed ?? 0) / rate;
}
