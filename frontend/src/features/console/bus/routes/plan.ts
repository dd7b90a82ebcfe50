import type { Route } from "../../data/routes";
import { COLUMNS, type Column, type Link, type Network, networkOf, type Station } from "./stops";

/** Across in thousandths of the picture's width, which is not known; down in pixels. */
export interface Place {
  x: number;
  width: number;
  height: number;
}

export const PLACES: Record<Column, Place> = {
  door: { x: 0, width: 92, height: 52 },
  route: { x: 148, width: 242, height: 26 },
  policy: { x: 440, width: 170, height: 92 },
  change: { x: 656, width: 136, height: 66 },
  target: { x: 836, width: 164, height: 90 },
};

const GAP: Record<Column, number> = { door: 12, route: 2, policy: 10, change: 12, target: 12 };
/** Between the routes that lead to different places. */
const APART = 14;

export interface Plan {
  stations: (Station & { y: number })[];
  links: (Link & { path: string })[];
  height: number;
}

/** Where everything stands: routes one below the other, all else beside the routes that it is for. */
export function planOf(routes: Route[]): Plan {
  const network = networkOf(routes);
  const of = (column: Column) => network.stations.filter(({ about }) => about.column === column);
  const rows = rowsOf(of("route"), of("target"));
  const needs = COLUMNS.map((column) => of(column).length * (PLACES[column].height + GAP[column]) - GAP[column]);
  const height = Math.max(rows.height, ...needs);
  const tops = new Map(rows.tops);
  for (const column of COLUMNS.filter((one) => one !== "route")) {
    for (const [id, top] of beside(of(column), rows.tops, { column, height })) {
      tops.set(id, top);
    }
  }
  const stations = network.stations.map((station) => ({ ...station, y: tops.get(station.id) ?? 0 }));
  return { stations, links: drawn(network, tops), height };
}

/** The routes in their groups. */
function rowsOf(routes: Station[], targets: Station[]): { tops: Map<string, number>; height: number } {
  const firsts = new Set(targets.map((target) => target.routes[0]));
  const tops = new Map<string, number>();
  let next = 0;
  for (const { id, routes: own } of routes) {
    next += firsts.has(own[0]) && next > 0 ? APART : 0;
    tops.set(id, next);
    next += PLACES.route.height + GAP.route;
  }
  return { tops, height: next };
}

/** In the middle of their routes, as far as there is room. */
function beside(
  stations: Station[],
  rows: Map<string, number>,
  { column, height }: { column: Column; height: number },
): [id: string, top: number][] {
  const own = PLACES[column].height;
  const placed = stations
    .map(({ id, routes }) => ({ id, top: mean(routes.map((name) => rows.get(`route:${name}`) ?? 0)) - own / 2 }))
    .sort((a, b) => a.top - b.top);
  let free = 0;
  for (const one of placed) {
    one.top = Math.max(one.top, free);
    free = one.top + own + GAP[column];
  }
  // What would stand below the end moves up, and those above it make room.
  let end = height;
  for (const one of placed.reverse()) {
    one.top = Math.min(one.top, end - own);
    end = one.top - GAP[column];
  }
  return placed.map(({ id, top }) => [id, top]);
}

function mean(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0) / Math.max(1, numbers.length);
}

function columnOf({ stations }: Network, id: string): Column {
  return stations.find((one) => one.id === id)?.about.column ?? "route";
}

/** Links that leave or meet one station stand side by side there, in the order of where they lead. */
function drawn(network: Network, tops: Map<string, number>): Plan["links"] {
  const middle = (id: string) => (tops.get(id) ?? 0) + PLACES[columnOf(network, id)].height / 2;
  const port = (id: string, all: Link[], { link, far }: { link: Link; far: "from" | "to" }) => {
    const sorted = [...all].sort((a, b) => middle(a[far]) - middle(b[far]));
    const { height } = PLACES[columnOf(network, id)];
    return (tops.get(id) ?? 0) + (height * (sorted.indexOf(link) + 1)) / (sorted.length + 1);
  };
  return network.links.map((link) => {
    const leaving = network.links.filter(({ from }) => from === link.from);
    const meeting = network.links.filter(({ to }) => to === link.to);
    const [a, b] = [PLACES[columnOf(network, link.from)], PLACES[columnOf(network, link.to)]];
    const [x, end] = [a.x + a.width, b.x];
    const [y, to] = [port(link.from, leaving, { link, far: "to" }), port(link.to, meeting, { link, far: "from" })].map(
      (one) => Math.round(one * 10) / 10,
    );
    const half = (x + end) / 2;
    return { ...link, path: `M ${x} ${y} C ${half} ${y}, ${half} ${to}, ${end} ${to}` };
  });
}
