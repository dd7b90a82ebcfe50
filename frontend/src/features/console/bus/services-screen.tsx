import { Check, Server, X } from "lucide-react";
import { Link } from "react-router";
import { Badge } from "../../../shared/ui/badge";
import { Empty } from "../../../shared/ui/states";
import { type ServiceInstance, servicesQuery } from "../data/map";
import { type Figures, figuresByName, QUARTER_S, trafficQuery } from "../data/traffic";
import { CopyId } from "../kit/copy";
import { Ago, useFigures } from "../kit/figures";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { StateBadge } from "../kit/state-badge";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";

/** Whom the bus calls, how they are, and what it asks of them. */
export function ServicesScreen() {
  const { services } = useWords();
  const found = useLive(servicesQuery);
  return (
    <Screen title={services.title} lead={services.lead}>
      <Found of={found}>{(items) => <Instances items={items} />}</Found>
      <Calls />
    </Screen>
  );
}

function Instances({ items }: { items: ServiceInstance[] }) {
  const { services } = useWords();
  const figures = useFigures();
  const { columns } = services;
  if (items.length === 0) {
    return <Empty sign={Server} title={services.empty} text={services.emptyHint} />;
  }
  const shown: Column<ServiceInstance>[] = [
    { key: "name", title: columns.name, cell: (one) => <Name of={one} />, sort: ({ name }) => name },
    {
      key: "health",
      title: columns.health,
      cell: ({ healthy }) => <StateBadge state={healthy ? "good" : "bad"} />,
      sort: ({ healthy }) => Number(healthy),
    },
    { key: "checks", title: columns.checks, cell: (one) => <Checks of={one} /> },
    {
      key: "latency",
      title: columns.latency,
      isNumber: true,
      cell: ({ latency_ms }) => figures.ms(latency_ms),
      sort: ({ latency_ms }) => latency_ms ?? Number.POSITIVE_INFINITY,
    },
    { key: "version", title: columns.version, cell: ({ version }) => version ?? "–", isExtra: true },
    { key: "lease", title: columns.lease, cell: (one) => <Lease of={one} />, isExtra: true },
    { key: "docs", title: columns.docs, cell: (one) => <Documents of={one} />, isExtra: true },
  ];
  return (
    <DataTable caption={services.title} rows={items} columns={shown} rowKey={({ name, instance }) => name + instance} />
  );
}

function Name({ of: { name, instance, url } }: { of: ServiceInstance }) {
  const { columns } = useWords().services;
  return (
    <div className="grid">
      <b>{name}</b>
      <span className="text-soft text-xs">{url}</span>
      <CopyId id={instance} of={columns.instance} isShort />
    </div>
  );
}

/** What it needs, and whether that is there. */
function Checks({ of: { checks } }: { of: ServiceInstance }) {
  const { services } = useWords();
  if (checks === null || checks === undefined) {
    return <span className="text-soft">{services.unsaid}</span>;
  }
  return (
    <ul className="flex flex-wrap gap-1.5">
      {checks.map(({ name, healthy, detail }) => (
        <li key={name} title={detail ?? undefined}>
          <Badge tone={healthy ? "good" : "bad"} sign={healthy ? Check : X}>
            {services.needs(name, healthy ? services.there : services.away)}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function Lease({ of: { lease_expires_at: end } }: { of: ServiceInstance }) {
  const { services } = useWords();
  return end === null || end === undefined ? (
    <span className="text-soft">{services.fixed}</span>
  ) : (
    <Ago time={end} isAhead />
  );
}

function Documents({ of: { name, url, openapi_url } }: { of: ServiceInstance }) {
  const { services } = useWords();
  if (openapi_url === null || openapi_url === undefined) {
    return <span className="text-soft">{services.unsaid}</span>;
  }
  return (
    <span className="flex gap-3">
      <Outside to={`${url.replace(/\/$/, "")}/docs`} word={services.columns.docs} of={name} />
      <Outside to={openapi_url} word={services.openapi} of={name} />
    </span>
  );
}

function Outside({ to, word, of }: { to: string; word: string; of: string }) {
  return (
    <a href={to} target="_blank" rel="noreferrer" className="link">
      {word}
      <span className="sr-only">, {of}</span>
    </a>
  );
}

function Calls() {
  const { services } = useWords();
  const figures = useFigures();
  const found = useLive(trafficQuery(QUARTER_S));
  const { columns } = services;
  type Row = Figures & { name: string };
  const shown: Column<Row>[] = [
    { key: "name", title: columns.name, cell: ({ name }) => <b>{name}</b>, sort: ({ name }) => name },
    {
      key: "calls",
      title: columns.calls,
      isNumber: true,
      cell: (one) => figures.count(one.requests),
      sort: (one) => one.requests,
    },
    {
      key: "errors",
      title: columns.errors,
      isNumber: true,
      cell: (one) => figures.count(one.failed),
      sort: (one) => one.failed,
    },
    {
      key: "p95",
      title: columns.p95,
      isNumber: true,
      cell: ({ p95 }) => figures.ms(p95),
      sort: ({ p95 }) => p95 ?? -1,
    },
    {
      key: "charts",
      title: services.charts,
      cell: ({ name }) => (
        <Link to={`/console/charts?of=service:${name}`} className="link">
          {services.charts}
          <span className="sr-only">, {name}</span>
        </Link>
      ),
    },
  ];
  return (
    <section className="grid gap-3">
      <div>
        <h2 className="text-xl">{services.calls}</h2>
        <p className="text-soft">{services.callsLead}</p>
      </div>
      <Found of={found}>
        {(traffic) => {
          const known = figuresByName(traffic.services, traffic.step_seconds);
          const rows = [...known].map(([name, told]) => ({ name, ...told }));
          return rows.length === 0 ? (
            <p className="text-soft">{services.noCalls}</p>
          ) : (
            <DataTable
              caption={services.calls}
              rows={rows}
              columns={shown}
              rowKey={({ name }) => name}
              sortName="calls"
            />
          );
        }}
      </Found>
    </section>
  );
}
