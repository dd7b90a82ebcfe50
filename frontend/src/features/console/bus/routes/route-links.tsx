import { clsx } from "clsx";
import { lineWidth } from "../../map/looks";
import type { Passing } from "./figures";
import type { Plan } from "./plan";

interface Props {
  plan: Plan;
  /** The routes that are looked at; empty where none is. */
  lit: ReadonlySet<string>;
  /** `null` where it isn't known yet. */
  passing: (routes: string[]) => Passing | null;
}

/** The ways between the stations: wider where more passes. The stations say in words what there is to know. */
export function RouteLinks({ plan: { links, height }, lit, passing }: Props) {
  const isLit = (routes: string[]) => routes.some((name) => lit.has(name));
  // What is looked at is drawn last, above the others.
  const sorted = [...links].sort((a, b) => Number(isLit(a.routes)) - Number(isLit(b.routes)));
  return (
    <svg
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full"
      viewBox={`0 0 1000 ${height}`}
      preserveAspectRatio="none"
    >
      {sorted.map(({ id, routes, path }) => {
        const told = passing(routes);
        return (
          <path
            key={id}
            d={path}
            vectorEffect="non-scaling-stroke"
            className={clsx("fill-none", look(told, lit.size === 0 ? "plain" : isLit(routes) ? "lit" : "dim"))}
            // How much comes by which door of a route is not counted apart.
            style={{ strokeWidth: id.startsWith("door:") ? lineWidth(0) : lineWidth(told?.rate ?? null) }}
          />
        );
      })}
    </svg>
  );
}

function look(told: Passing | null, light: "plain" | "lit" | "dim"): string {
  if (light === "dim") {
    return "stroke-edge/15";
  }
  if (told !== null && told.failed > 0) {
    return light === "lit" ? "stroke-danger" : "stroke-danger/60";
  }
  if (light === "lit") {
    return "stroke-accent";
  }
  return told === null || told.rate === 0 ? "stroke-edge/40" : "stroke-accent/60";
}
