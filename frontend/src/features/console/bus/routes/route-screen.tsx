import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { routesQuery } from "../../data/routes";
import { type Figures, figuresByName, QUARTER_S, trafficQuery } from "../../data/traffic";
import { useFigures } from "../../kit/figures";
import { JsonView } from "../../kit/json-view";
import { Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { RouteFlow } from "./route-flow";

/** One route: the way of its messages, how many take it, and how it is written. */
export function RouteScreen() {
  const { routes } = useWords();
  const { name = "" } = useParams();
  const found = useQuery(routesQuery);
  return (
    <Screen title={name}>
      <Link to="/console/routes" className="link justify-self-start">
        {routes.back}
      </Link>
      <Found of={found}>
        {(all) => {
          const route = all.find((one) => one.name === name);
          if (route === undefined) {
            return <p>{routes.unknown}</p>;
          }
          const { file, ...written } = route;
          return (
            <>
              <Panel title={routes.flow}>
                <p className="mb-3 text-soft">{routes.flowLead}</p>
                <RouteFlow route={route} />
              </Panel>
              <Counters name={name} />
              <Panel title={`${routes.written} · ${file}`}>
                <JsonView value={written} />
              </Panel>
            </>
          );
        }}
      </Found>
    </Screen>
  );
}

function Counters({ name }: { name: string }) {
  const { routes } = useWords();
  const found = useLive(trafficQuery(QUARTER_S));
  return (
    <Panel title={routes.counters}>
      <Found of={found}>
        {(traffic) => <Counted of={figuresByName(traffic.routes, traffic.step_seconds).get(name)} />}
      </Found>
      <p className="mt-4 flex flex-wrap gap-4">
        <Link to={`/console/messages?route=${name}`} className="link">
          {routes.recent}
        </Link>
        <Link to={`/console/charts?of=route:${name}`} className="link">
          {routes.charts}
        </Link>
      </p>
    </Panel>
  );
}

function Counted({ of }: { of: Figures | undefined }) {
  const { routes } = useWords();
  const figures = useFigures();
  const told: [string, string][] = [
    [routes.seen, figures.count(of?.requests ?? 0)],
    [routes.now, figures.rate(of?.rate ?? 0)],
    [routes.refused, figures.count(of?.refused ?? 0)],
    [routes.failed, figures.count(of?.failed ?? 0)],
    [routes.median, figures.ms(of?.p50)],
    [routes.columns.p95, figures.ms(of?.p95)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 xl:grid-cols-6">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt className="text-soft">{name}</dt>
          <dd className="font-semibold text-xl tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
