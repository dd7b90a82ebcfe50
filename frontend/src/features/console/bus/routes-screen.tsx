import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { mentions, type Route, routesQuery, targetOf } from "../data/routes";
import { figuresByName, QUARTER_S, type Traffic, trafficQuery } from "../data/traffic";
import { useFigures } from "../kit/figures";
import { Filters, useFilters } from "../kit/filters";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { Doors } from "./doors";

/** What the bus does with what comes. */
export function RoutesScreen() {
  const { routes } = useWords();
  const found = useQuery(routesQuery);
  const traffic = useLive(trafficQuery(QUARTER_S)).data;
  const { text = "" } = useFilters("text");
  const wanted = useDeferredValue(text);
  return (
    <Screen title={routes.title} lead={routes.lead}>
      <Filters filters={[{ name: "text", label: routes.filter }]} />
      <Found of={found}>{(all) => <Table all={all.filter((one) => mentions(one, wanted))} traffic={traffic} />}</Found>
    </Screen>
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
