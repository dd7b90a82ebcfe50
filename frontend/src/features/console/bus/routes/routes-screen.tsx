import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { useSearchParams } from "react-router";
import { mentions, type Route, routesQuery, targetOf } from "../../data/routes";
import { figuresByName, QUARTER_S, type Traffic, trafficQuery } from "../../data/traffic";
import { useFigures } from "../../kit/figures";
import { Filters, useFilters } from "../../kit/filters";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { type Column, DataTable } from "../../kit/table";
import { useWords } from "../../kit/words";
import { Views } from "../../parts/views";
import { Doors } from "./doors";
import { RouteGraph } from "./route-graph";
import { RouteMatch } from "./route-match";

/** What the bus does with what comes. */
export function RoutesScreen() {
  const { routes } = useWords();
  const found = useQuery(routesQuery);
  return (
    <Screen title={routes.title} lead={routes.lead}>
      <RouteMatch />
      <Found of={found}>{(all) => <Shown all={all} />}</Found>
    </Screen>
  );
}

function Shown({ all }: { all: Route[] }) {
  const { routes } = useWords();
  const traffic = useLive(trafficQuery(QUARTER_S)).data;
  const { text = "", view } = useFilters("text", "view");
  const wanted = useDeferredValue(text);
  const some = useMemo(() => all.filter((one) => mentions(one, wanted)), [all, wanted]);
  const [, setParams] = useSearchParams();
  const show = (next: "table" | "graph") =>
    setParams(
      (now) => {
        now.set("view", next);
        now.delete("at");
        return now;
      },
      { replace: true },
    );
  const isGraph = view === "graph";
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="w-full sm:w-auto">
          <Filters filters={[{ name: "text", label: routes.filter }]} />
        </div>
        <Views
          label={routes.graph.view}
          views={[
            ["table", routes.graph.asTable],
            ["graph", routes.graph.asGraph],
          ]}
          shown={isGraph ? "graph" : "table"}
          onShow={show}
        />
      </div>
      {isGraph ? <RouteGraph routes={some} traffic={traffic} /> : <Table all={some} traffic={traffic} />}
    </>
  );
}

function Table({ all, traffic }: { all: Route[]; traffic: Traffic | undefined }) {
  const { routes } = useWords();
  const { columns } = routes;
  const figures = useFigures();
  const known = figuresByName(traffic?.routes ?? [], traffic?.step_seconds ?? 1);
  const of = ({ name }: Route) => known.get(name);
  const count = (value: number | undefined) => (traffic === undefined ? "…" : figures.count(value ?? 0));
  const shown: Column<Route>[] = [
    { key: "name", title: columns.name, cell: ({ name }) => name, sort: ({ name }) => name },
    { key: "from", title: columns.from, cell: (route) => <Doors of={route} /> },
    {
      key: "to",
      title: columns.to,
      cell: (route) => <To route={route} />,
      isExtra: true,
      sort: (route) => targetOf(route).name,
    },
    {
      key: "messages",
      title: columns.messages,
      isNumber: true,
      cell: (one) => count(of(one)?.requests),
      sort: (one) => of(one)?.requests ?? 0,
    },
    {
      key: "errors",
      title: columns.errors,
      isNumber: true,
      cell: (one) => count(of(one)?.failed),
      sort: (one) => of(one)?.failed ?? 0,
      isExtra: true,
    },
    {
      key: "p95",
      title: columns.p95,
      isNumber: true,
      cell: (one) => figures.ms(of(one)?.p95),
      sort: (one) => of(one)?.p95 ?? -1,
    },
    { key: "allow", title: columns.allow, cell: ({ allow }) => allow.join(", "), isExtra: true },
  ];
  return (
    <DataTable
      caption={routes.title}
      rows={all}
      columns={shown}
      rowKey={({ name }) => name}
      rowLink={({ name }) => `/console/routes/${name}`}
    />
  );
}

function To({ route }: { route: Route }) {
  const { targets } = useWords().routes;
  const { kind, name } = targetOf(route);
  const words: Record<string, string> = targets;
  return (
    <span className="grid min-w-40">
      <span className="text-soft text-xs">{words[kind] ?? kind}</span>
      <span className="[overflow-wrap:anywhere]">{name}</span>
    </span>
  );
}
