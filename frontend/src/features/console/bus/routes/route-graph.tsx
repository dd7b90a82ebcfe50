import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import type { Route } from "../../data/routes";
import { figuresByName, type Traffic } from "../../data/traffic";
import { useWords } from "../../kit/words";
import { passingOf } from "./figures";
import { PLACES, planOf } from "./plan";
import { RouteLinks } from "./route-links";
import { RouteStation } from "./route-stations";
import { COLUMNS } from "./stops";

interface Props {
  routes: Route[];
  traffic: Traffic | undefined;
}

/** The running configuration as one picture: by which doors messages come, what they pass, and where they go. */
export function RouteGraph({ routes, traffic }: Props) {
  const { graph, title } = useWords().routes;
  const held = useSearchParams()[0].get("at");
  const [pointed, point] = useState<string | null>(null);
  const plan = useMemo(() => planOf(routes), [routes]);
  const known = useMemo(() => figuresByName(traffic?.routes ?? [], traffic?.step_seconds ?? 1), [traffic]);
  const passing = (names: string[]) => (traffic === undefined ? null : passingOf(names, known));
  const at = plan.stations.find(({ id }) => id === (pointed ?? held));
  const lit = new Set(at?.routes ?? []);
  if (routes.length === 0) {
    return <p role="status">{graph.none}</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section aria-label={title} tabIndex={0} className="card overflow-x-auto rounded-2xl! bg-paper!">
      <div className="grid min-w-[60rem] gap-3 p-4">
        <p className="text-soft">{graph.hint}</p>
        <div aria-hidden className="relative h-5 font-medium text-soft text-xs">
          {COLUMNS.map((column) => (
            <span key={column} className="absolute" style={{ left: `${PLACES[column].x / 10}%` }}>
              {graph.columns[column]}
            </span>
          ))}
        </div>
        <div className="relative" style={{ height: plan.height }}>
          <RouteLinks plan={plan} lit={lit} passing={passing} />
          {COLUMNS.map((column) => (
            <ul key={column} aria-label={graph.columns[column]}>
              {plan.stations
                .filter(({ about }) => about.column === column)
                .map((station) => (
                  <li key={station.id}>
                    <RouteStation
                      station={station}
                      isLit={station.routes.some((name) => lit.has(name))}
                      passing={passing(station.routes)}
                      onPoint={point}
                    />
                  </li>
                ))}
            </ul>
          ))}
        </div>
      </div>
    </section>
  );
}
