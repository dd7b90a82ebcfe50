import { Link } from "react-router";
import type { DeadLetter } from "../../../data/letters";
import { Ago } from "../../../kit/figures";
import { StateBadge } from "../../../kit/state-badge";
import { type Column, DataTable } from "../../../kit/table";
import { useWords } from "../../../kit/words";

interface Props {
  letters: DeadLetter[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
}

export function LetterTable({ letters: shown, marked, onMark }: Props) {
  const { letters } = useWords();
  const toggle = (id: string) => {
    const next = new Set(marked);
    if (!next.delete(id)) {
      next.add(id);
    }
    onMark(next);
  };
  const columns: Column<DeadLetter>[] = [
    {
      key: "mark",
      title: <span className="sr-only">{letters.choose}</span>,
      cell: (letter) => <Mark letter={letter} isMarked={marked.has(letter.id)} onToggle={() => toggle(letter.id)} />,
    },
    { key: "id", title: letters.letter, cell: (letter) => <Name letter={letter} /> },
    {
      key: "state",
      title: letters.state,
      cell: ({ state }) => <StateBadge state={state} />,
      sort: ({ state }) => state,
    },
    { key: "key", title: letters.key, cell: ({ routing_key }) => <code>{routing_key}</code>, isExtra: true },
    {
      key: "detail",
      title: letters.detail,
      cell: ({ detail }) => <span className="line-clamp-2 min-w-48 text-soft">{detail}</span>,
      isExtra: true,
    },
    {
      key: "last",
      title: letters.last,
      cell: ({ last_at }) => <Ago time={last_at} />,
      sort: ({ last_at }) => Date.parse(last_at),
    },
  ];
  return <DataTable caption={letters.title} rows={shown} columns={columns} rowKey={({ id }) => id} />;
}

function Mark({ letter, isMarked, onToggle }: { letter: DeadLetter; isMarked: boolean; onToggle: () => void }) {
  const { letters } = useWords();
  return (
    <input
      type="checkbox"
      aria-label={letters.chooseOne(letter.id.slice(-8))}
      className="size-6 accent-accent sm:size-5"
      checked={isMarked}
      disabled={letter.state !== "waiting"}
      onChange={onToggle}
    />
  );
}

function Name({ letter: { id, reason, route } }: { letter: DeadLetter }) {
  return (
    <span className="grid">
      <Link to={`/console/dead-letters/${id}`} className="font-semibold text-accent hover:underline">
        {reason} <span className="whitespace-nowrap font-mono font-normal text-xs">…{id.slice(-8)}</span>
      </Link>
      {typeof route === "string" && <span className="text-soft text-xs">{route}</span>}
    </span>
  );
}
