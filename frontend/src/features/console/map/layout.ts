import { layout as dagre, Graph } from "@dagrejs/dagre";
import { BROKER, type Scene, type Spot, type Way } from "../data/scene";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawn {
  path: string;
  label: { x: number; y: number };
}

export interface Plan {
  boxes: Map<string, Box>;
  /** Around what the broker holds. */
  frame: Box | null;
  ways: Map<string, Drawn>;
  /** Around everything. */
  bounds: Box;
}

const CARD = { width: 156, height: 68 };
const BAR_HEIGHT = 74;
const GAP = 18;
const ROW_GAP = 66;
const FRAME = { side: 14, top: 38, bottom: 14 };
/** So far apart run two ways between the same two. */
const APART = 16;
const ROUND = 12;

const TIERS: Record<Spot["kind"], number> = { client: 0, exchange: 1, queue: 2, bus: 3, service: 4, engine: 5 };

/** Clients on top, then the broker, the bus as a bar below both, and under it the services with their engines. */
export function planOf(scene: Scene): Plan {
  const spots = scene.spots.filter(({ id }) => id !== BROKER);
  const tiers = new Map(spots.map(({ id, kind }) => [id, TIERS[kind]]));
  const bus = spots.find(({ kind }) => kind === "bus")?.id;
  const ways = scene.ways.filter(({ from, to }) => tiers.has(from) && tiers.has(to));
  const direct = spots.filter(
    ({ id, kind }) => kind === "client" && ways.some((way) => way.from === id && way.to === bus),
  );
  const others = spots.filter((spot) => !direct.includes(spot));
  const columns = columnsOf(others, ways, tiers);
  const shift = direct.length * (CARD.width + GAP) + FRAME.side + GAP;
  const boxes = new Map<string, Box>();
  for (const { id, kind } of others) {
    boxes.set(id, { x: (columns.get(id) ?? 0) + shift, y: rowOf(TIERS[kind]), ...CARD });
  }
  for (const [index, { id }] of direct.entries()) {
    boxes.set(id, { x: index * (CARD.width + GAP), y: rowOf(0), ...CARD });
  }
  if (bus !== undefined) {
    const bar = barOf(bus, ways, boxes);
    boxes.set(bus, bar);
    centre(
      spots.filter(({ kind }) => TIERS[kind] > TIERS.bus).flatMap(({ id }) => boxes.get(id) ?? []),
      bar,
    );
  }
  const frame = frameOf(spots, boxes);
  const bounds = around([...boxes.values(), ...(frame === null ? [] : [frame])]);
  return { boxes, frame, bounds, ways: drawnWays(ways, boxes, bus) };
}

function rowOf(tier: number): number {
  return tier * (CARD.height + ROW_GAP) + (tier > 3 ? BAR_HEIGHT - CARD.height : 0);
}

/** Where each begins from the left, so that few ways cross. */
function columnsOf(spots: Spot[], ways: Way[], tiers: Map<string, number>): Map<string, number> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: GAP, ranksep: ROW_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of spots) {
    graph.setNode(id, { ...CARD });
  }
  const tier = (id: string) => tiers.get(id) ?? 0;
  const tie = (a: string, b: string) => {
    const [upper, lower] = tier(a) < tier(b) ? [a, b] : [b, a];
    if (graph.hasNode(a) && graph.hasNode(b) && tier(a) !== tier(b)) {
      graph.setEdge(upper, lower, { minlen: tier(lower) - tier(upper) });
    }
  };
  for (const { from, to } of ways) {
    tie(from, to);
  }
  // Whoever nothing ties to the bus would be put into a row of its own.
  const bus = spots.find(({ kind }) => kind === "bus")?.id;
  const loose = spots.filter(({ id, kind }) =>
    TIERS[kind] < TIERS.bus ? graph.successors(id)?.length === 0 : graph.predecessors(id)?.length === 0,
  );
  for (const { id } of loose) {
    tie(id, bus ?? id);
  }
  dagre(graph);
  const left = Math.min(...spots.map(({ id }) => graph.node(id).x));
  return new Map(spots.map(({ id }) => [id, graph.node(id).x - left]));
}

/** As long as from the first to the last who talks with it. */
function barOf(bus: string, ways: Way[], boxes: Map<string, Box>): Box {
  const near = ways.flatMap(({ from, to }) => (from === bus ? [to] : to === bus ? [from] : []));
  const spans = near.flatMap((id) => boxes.get(id) ?? []);
  const left = Math.min(0, ...spans.map(({ x }) => x));
  const right = Math.max(CARD.width, ...spans.map(({ x, width }) => x + width));
  return { x: left, y: rowOf(3), width: right - left, height: BAR_HEIGHT };
}

/** What hangs below the bar hangs from its middle: only the bar ties it to what is above. */
function centre(boxes: Box[], bar: Box): void {
  const { x, width } = around(boxes);
  const shift = bar.x + bar.width / 2 - (x + width / 2);
  for (const box of boxes) {
    box.x += shift;
  }
}

function frameOf(spots: Spot[], boxes: Map<string, Box>): Box | null {
  const held = spots.filter(({ kind }) => kind === "exchange" || kind === "queue");
  const inside = held.flatMap(({ id }) => boxes.get(id) ?? []);
  if (inside.length === 0) {
    return null;
  }
  const { x, width } = around(inside);
  const y = rowOf(1) - FRAME.top;
  const height = rowOf(2) + CARD.height + FRAME.bottom - y;
  return { x: x - FRAME.side, y, width: width + 2 * FRAME.side, height };
}

function around(boxes: Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function drawnWays(ways: Way[], boxes: Map<string, Box>, bus: string | undefined): Map<string, Drawn> {
  const right = Math.max(0, ...[...boxes.values()].map(({ x, width }) => x + width)) + FRAME.side + ROUND;
  const both = new Set(ways.map(({ from, to }) => `${to} → ${from}`));
  const drawn = new Map<string, Drawn>();
  for (const { id, from, to } of ways) {
    const [a, b] = [boxes.get(from), boxes.get(to)];
    if (a !== undefined && b !== undefined) {
      const apart = both.has(id) ? (from === bus ? APART : -APART) : 0;
      drawn.set(id, from === bus || to === bus ? straight(a, b, to === bus, apart) : curved(a, b, right));
    }
  }
  return drawn;
}

/** Up or down between the bus's bar and another. */
function straight(a: Box, b: Box, isToBus: boolean, apart: number): Drawn {
  const other = isToBus ? a : b;
  const x = other.x + other.width / 2 + apart;
  const [from, to] = ends(a, b);
  return { path: `M ${x} ${from} L ${x} ${to}`, label: { x, y: (from + to) / 2 } };
}

function curved(a: Box, b: Box, right: number): Drawn {
  const [from, to] = ends(a, b);
  const [x, end] = [a.x + a.width / 2, b.x + b.width / 2];
  const middle = (from + to) / 2;
  if (Math.abs(from - to) <= ROW_GAP + 1) {
    return {
      path: `M ${x} ${from} C ${x} ${middle}, ${end} ${middle}, ${end} ${to}`,
      label: { x: (x + end) / 2, y: middle },
    };
  }
  // What passes the bus's bar goes around it, on the right.
  const lane = from - ROUND * 1.5;
  const side = b.x + b.width;
  const height = b.y + b.height / 2;
  const up = `M ${x} ${from} L ${x} ${lane + ROUND} Q ${x} ${lane}, ${x + ROUND} ${lane} L ${right - ROUND} ${lane}`;
  const back = `Q ${right} ${lane}, ${right} ${lane - ROUND} L ${right} ${height + ROUND} Q ${right} ${height}, ${right - ROUND} ${height} L ${side} ${height}`;
  return { path: `${up} ${back}`, label: { x: right, y: (lane + height) / 2 } };
}

/** Where a way leaves the one and meets the other. */
function ends(a: Box, b: Box): [from: number, to: number] {
  return a.y < b.y ? [a.y + a.height, b.y] : [a.y, b.y + b.height];
}
