import { clsx } from "clsx";
import type { MessageSummary } from "../data/messages";
import { useFigures } from "../kit/figures";
import { StateBadge } from "../kit/state-badge";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";

/** Messages, each on a line that leads to its bodies. */
export function MessageTable({ caption, items }: { caption: string; items: MessageSummary[] }) {
  const { columns } = useWords().messages;
  const figures = useFigures();
  const shown: Column<MessageSummary>[] = [
    {
      key: "operation",
      title: columns.operation,
      cell: ({ operation }) => <span className="inline-block min-w-32 [overflow-wrap:anywhere]">{operation}</span>,
    },
    { key: "outcome", title: columns.outcome, cell: ({ outcome }) => <StateBadge state={outcome} /> },
    {
      key: "status",
      title: columns.status,
      cell: ({ status }) => <Status status={status} />,
      isNumber: true,
      isExtra: true,
    },
    { key: "at", title: columns.at, cell: ({ at }) => <time dateTime={at}>{figures.clock(at)}</time> },
    {
      key: "elapsed",
      title: columns.elapsed,
      cell: (one) => figures.ms(one.elapsed_us / 1_000),
      isNumber: true,
      isExtra: true,
    },
    { key: "route", title: columns.route, cell: ({ route }) => route, isExtra: true },
    { key: "door", title: columns.door, cell: ({ door }) => door.toUpperCase(), isExtra: true },
    { key: "caller", title: columns.caller, cell: ({ caller }) => <Caller caller={caller} />, isExtra: true },
  ];
  return (
    <DataTable
      caption={caption}
      rows={items}
      columns={shown}
      rowKey={({ id }) => id}
      rowLink={({ id }) => `/console/messages/${id}`}
    />
  );
}

function Status({ status }: { status: number | null | undefined }) {
  return <span className={clsx((status ?? 0) >= 500 && "font-semibold text-danger")}>{status ?? "–"}</span>;
}

/** Whose it was, and the end of their id. */
function Caller({ caller }: { caller: string | null | undefined }) {
  if (caller === null || caller === undefined) {
    return <span className="text-soft">–</span>;
  }
  const [kind, id = ""] = caller.split(":");
  return (
    <span title={caller} className="whitespace-nowrap">
      {id.length > 12 ? `${kind} …${id.slice(-6)}` : caller}
    </span>
  );
}
