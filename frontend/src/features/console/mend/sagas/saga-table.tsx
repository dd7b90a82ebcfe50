import type { Saga } from "../../data/sagas";
import { CopyButton } from "../../kit/copy";
import { Ago } from "../../kit/figures";
import { StateBadge } from "../../kit/state-badge";
import { type Column, DataTable } from "../../kit/table";
import { useWords } from "../../kit/words";

export function SagaTable({ caption, sagas }: { caption: string; sagas: Saga[] }) {
  const { sagas: words } = useWords();
  const columns: Column<Saga>[] = [
    {
      key: "order",
      title: words.order,
      cell: ({ subject }) => <span className="font-mono">…{subject.slice(-8)}</span>,
    },
    {
      key: "id",
      title: <span className="sr-only">{words.copy}</span>,
      cell: ({ subject }) => <CopyButton text={subject} of={words.order} />,
      isExtra: true,
    },
    { key: "state", title: words.state, cell: ({ state }) => <StateBadge state={state} />, sort: ({ state }) => state },
    { key: "step", title: words.step, cell: ({ step }) => step, sort: ({ step }) => step, isExtra: true },
    {
      key: "attempts",
      title: words.attempts,
      cell: ({ attempts }) => attempts,
      sort: ({ attempts }) => attempts,
      isNumber: true,
      isExtra: true,
    },
    {
      key: "began",
      title: words.began,
      cell: ({ created_at }) => <Ago time={created_at} />,
      sort: ({ created_at }) => Date.parse(created_at),
    },
    {
      key: "error",
      title: words.lastError,
      cell: ({ last_error }) => <span className="line-clamp-2 min-w-40 text-soft">{last_error ?? "–"}</span>,
      isExtra: true,
    },
  ];
  return (
    <DataTable
      caption={caption}
      rows={sagas}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => `/console/sagas/${id}`}
    />
  );
}
