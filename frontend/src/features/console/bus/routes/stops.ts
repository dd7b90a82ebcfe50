import { DOORS, type Route, type Stage, targetOf } from "../../data/routes";

/** The stages of a message's way, from left to right. */
export const COLUMNS = ["door", "route", "policy", "change", "target"] as const;
export type Column = (typeof COLUMNS)[number];

/** What a station stands for. */
export type About =
  | { column: "door"; door: (typeof DOORS)[number] }
  | { column: "route"; route: Route }
  | { column: "policy"; allow: string[]; rate: string }
  | { column: "change"; via: Stage[]; format: string }
  | { column: "target"; kind: string; name: string };

/** Something that messages pass, and the routes that lead through it. */
export interface Station {
  id: string;
  about: About;
  routes: string[];
}

/** From one station to the next, for all routes that go this way. */
export interface Link {
  id: string;
  from: string;
  to: string;
  routes: string[];
}

export interface Network {
  stations: Station[];
  links: Link[];
}

/** The running configuration as one network: what is the same for several routes is there once. */
export function networkOf(routes: Route[]): Network {
  const stations = new Map<string, Station>();
  const links = new Map<string, Link>();
  for (const route of byTarget(routes)) {
    const way = wayOf(route);
    for (const [index, abouts] of way.entries()) {
      for (const about of abouts) {
        const station = kept(stations, { id: idOf(about), about, routes: [] });
        station.routes.push(route.name);
        for (const next of way[index + 1] ?? []) {
          const [from, to] = [station.id, idOf(next)];
          kept(links, { id: `${from} > ${to}`, from, to, routes: [] }).routes.push(route.name);
        }
      }
    }
  }
  return { stations: [...stations.values()], links: [...links.values()] };
}

function kept<Thing extends { id: string }>(known: Map<string, Thing>, thing: Thing): Thing {
  const found = known.get(thing.id) ?? thing;
  known.set(thing.id, found);
  return found;
}

/** Those that lead to the same place stand together. */
function byTarget(routes: Route[]): Route[] {
  const targets = routes.map((route) => idOf(targetAbout(route)));
  const order = [...new Set(targets)];
  const rank = (route: Route) => order.indexOf(idOf(targetAbout(route)));
  return [...routes].sort((a, b) => rank(a) - rank(b));
}

/** Every stage of a route's way; it may have several doors. */
function wayOf(route: Route): About[][] {
  const { allow, rate, via = [], format, from } = route;
  const doors = DOORS.filter((door) => from[door] !== undefined);
  return [
    doors.map((door) => ({ column: "door", door })),
    [{ column: "route", route }],
    [{ column: "policy", allow, rate }],
    [{ column: "change", via, format }],
    [targetAbout(route)],
  ];
}

function targetAbout(route: Route): About {
  const { kind, name } = targetOf(route);
  // A service is one place, whichever of its paths is asked.
  return { column: "target", kind, name: kind === "service" ? (name.split(" ")[0] ?? name) : name };
}

function idOf(about: About): string {
  switch (about.column) {
    case "door":
      return `door:${about.door}`;
    case "route":
      return `route:${about.route.name}`;
    case "policy":
      return `policy:${[...about.allow].sort().join(",")};${about.rate}`;
    case "change":
      return `change:${about.via.length === 0 ? about.format : JSON.stringify(about.via)}`;
    case "target":
      return `target:${about.kind}:${about.name}`;
    default:
      return about satisfies never;
  }
}
