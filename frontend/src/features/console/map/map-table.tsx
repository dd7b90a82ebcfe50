import { Link, useSearchParams } from "react-router";
import { failing, type Scene, type Spot, type Way } from "../data/scene";
import { useFigures } from "../kit/figures";
import { StateBadge } from "../kit/state-badge";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { nameOf } from "./looks";

/** The same as the picture shows, to be read line by line. */
export function MapTable({ scene }: { scene: Scene }) {
  return (
    <div className="grid gap-4">
      <Spots scene={scene} />
      <Ways scene={scene} />
    </div>
  );
}

function Spots({ scene: { spots } }: { scene: Scene }) {
  const words = useWords();
  const figures = useFigures();
  const [params] = useSearchParams();
  const { map } = words;
  const { columns } = map;
  const to = (id: string) => {
    const next = new URLSearchParams(params);
    next.set("at", id);
    return `?${next}`;
  };
  const shown: Column<Spot>[] = [
    {
      key: "name",
      title: columns.name,
      sort: (spot) => nameOf(spot, words),
      cell: (spot) => (
        <Link to={to(spot.id)} replace className="font-semibold text-accent hover:underline">
          {nameOf(spot, words)}
        </Link>
      ),
    },
    { key: "kind", title: columns.kind, sort: ({ kind }) => kind, cell: ({ kind }) => map.kinds[kind] },
    {
      key: "health",
      title: columns.health,
      sort: ({ health }) => health,
      cell: ({ health }) => <StateBadge state={health} />,
    },
    {
      key: "size",
      title: columns.size,
      isExtra: true,
      cell: ({ kind, messages, instances }) => {
        if (kind === "queue" && typeof messages === "number") {
          return map.waiting(figures.count(messages));
        }
        return typeof instances === "number" ? map.instances(instances) : "–";
      },
    },
  ];
  return <DataTable caption={map.parts} rows={spots} columns={shown} rowKey={({ id }) => id} />;
}

function Ways({ scene: { spots, ways } }: { scene: Scene }) {
  const words = useWords();
  const figures = useFigures();
  const { map } = words;
  const { columns } = map;
  const named = (id: string) => {
    const spot = spots.find((one) => one.id === id);
    return spot === undefined ? id : nameOf(spot, words);
  };
  const shown: Column<Way>[] = [
    { key: "from", title: columns.from, sort: ({ from }) => named(from), cell: ({ from }) => named(from) },
    { key: "to", title: columns.to, sort: ({ to }) => named(to), cell: ({ to }) => named(to) },
    { key: "how", title: columns.how, cell: ({ kind }) => map.kindsOfWay[kind], isExtra: true },
    {
      key: "rate",
      title: columns.rate,
      isNumber: true,
      sort: ({ rate }) => rate ?? -1,
      cell: ({ rate }) => (rate === null ? "–" : figures.fine(rate)),
    },
    {
      key: "failed",
      title: columns.failed,
      isNumber: true,
      sort: failing,
      cell: (way) => (way.rate === null ? "–" : figures.percent(failing(way))),
    },
    {
      key: "p95",
      title: columns.p95,
      isNumber: true,
      sort: ({ p95 }) => p95 ?? -1,
      cell: ({ p95 }) => figures.ms(p95),
    },
  ];
  return <DataTable caption={map.lineTable} rows={ways} columns={shown} rowKey={({ id }) => id} sortName="ways" />;
}
