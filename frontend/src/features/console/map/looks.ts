import { Boxes, Cable, Database, Inbox, type LucideIcon, Server, Users, Waypoints } from "lucide-react";
import type { ConsoleWords } from "../../../shared/i18n/messages";
import type { Health } from "../data/map";
import { failing, type Spot, type Way } from "../data/scene";

export const SIGNS: Record<Spot["kind"], LucideIcon> = {
  client: Users,
  bus: Waypoints,
  service: Server,
  engine: Database,
  exchange: Cable,
  queue: Inbox,
};

export const GROUP_SIGN = Boxes;

/** The edge of what is not well is coloured; a word beside it says so too. */
export const RIMS: Record<Health, string> = {
  good: "border-line",
  unknown: "border-line border-dashed",
  degraded: "border-2 border-warn",
  bad: "border-2 border-danger",
};

const FAILING_MIN = 0.01;
const WIDTH_MIN = 1.25;
const WIDTH_MAX = 7;

export type LineKind = "seen" | "idle" | "failing" | "unseen";

export function lineKind(way: Way): LineKind {
  if (way.rate === null) {
    return "unseen";
  }
  if (way.rate === 0) {
    return "idle";
  }
  return failing(way) >= FAILING_MIN ? "failing" : "seen";
}

/** Ten times as much is so much wider; a line that carries little can still be seen. */
export function lineWidth(rate: number | null): number {
  return rate === null || rate === 0 ? WIDTH_MIN : Math.min(WIDTH_MAX, 2 + 1.6 * Math.log10(1 + rate * 10));
}

export const LINES: Record<LineKind, string> = {
  seen: "stroke-accent!",
  idle: "stroke-edge/45!",
  failing: "stroke-danger!",
  unseen: "stroke-edge! [stroke-dasharray:3_5]",
};

/** As people call it: the map's own names are those of programs. */
export function nameOf({ id, name, purpose }: Spot, { map }: ConsoleWords): string {
  if (id.startsWith("group:") && purpose !== undefined) {
    return map.groups[purpose];
  }
  const known: Record<string, string> = map.names;
  return known[name] ?? name;
}
