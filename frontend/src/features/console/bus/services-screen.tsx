import { Server } from "lucide-react";
import { Empty } from "../../../shared/ui/states";
import { type ServiceInstance, servicesQuery } from "../data/bus";
import { Ago } from "../kit/figures";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { StateBadge } from "../kit/state-badge";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";

/** Whom the bus calls. */
export function ServicesScreen() {
  const { services } = useWords();
  const found = useLive(servicesQuery);
  return (
    <Screen title={services.title} lead={services.lead}>
      <Found of={found}>{({ items }) => <Instances items={items} />}</Found>
    </Screen>
  );
}

function Instances({ items }: { items: ServiceInstance[] }) {
  const { services } = useWords();
  const { columns } = services;
  if (items.length === 0) {
    return <Empty sign={Server} title={services.empty} text={services.emptyHint} />;
  }
  const shown: Column<ServiceInstance>[] = [
    { key: "name", title: columns.name, cell: ({ name }) => <b>{name}</b>, sort: ({ name }) => name },
    { key: "health", title: columns.health, cell: ({ healthy }) => <StateBadge state={healthy ? "good" : "bad"} /> },
    { key: "instance", title: columns.instance, cell: ({ instance }) => instance, isExtra: true },
    { key: "version", title: columns.version, cell: ({ version }) => version ?? "–" },
    { key: "lease", title: columns.lease, cell: (one) => <Lease of={one} />, isExtra: true },
  ];
  return (
    <DataTable caption={services.title} rows={items} columns={shown} rowKey={({ name, instance }) => name + instance} />
  );
}

function Lease({ of: { lease_expires_at: end } }: { of: ServiceInstance }) {
  const { services } = useWords();
  return end === null || end === undefined ? <span className="text-soft">{services.fixed}</span> : <Ago time={end} />;
}
