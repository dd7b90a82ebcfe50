import { Link } from "react-router";
import type { LetterGroup } from "../../../data/letters";
import { Ago, useFigures } from "../../../kit/figures";
import { type Column, DataTable } from "../../../kit/table";
import { useWords } from "../../../kit/words";
import { Headed } from "../../../parts/headed";

/** What waits, by why and where it failed: one cause is mended once. */
export function Groups({ groups }: { groups: LetterGroup[] }) {
  const { letters } = useWords();
  const figures = useFigures();
  const waiting = groups.filter(({ state }) => state === "waiting");
  if (waiting.length === 0) {
    return null;
  }
  const columns: Column<LetterGroup>[] = [
    { key: "reason", title: letters.reason, cell: (group) => <GroupLink group={group} /> },
    { key: "route", title: letters.route, cell: ({ route }) => route ?? <span className="text-soft">–</span> },
    { key: "count", title: letters.count, cell: ({ count }) => figures.count(count), isNumber: true },
    { key: "first", title: letters.first, cell: ({ first_at }) => <Ago time={first_at} />, isExtra: true },
    { key: "last", title: letters.last, cell: ({ last_at }) => <Ago time={last_at} /> },
  ];
  return (
    <Headed title={letters.groups}>
      <DataTable
        caption={letters.groups}
        rows={waiting}
        columns={columns}
        rowKey={({ reason, route }) => `${reason} ${route ?? ""}`}
      />
    </Headed>
  );
}

function GroupLink({ group: { reason, route } }: { group: LetterGroup }) {
  const search = new URLSearchParams({ state: "waiting", reason, ...(typeof route === "string" ? { route } : {}) });
  return (
    <Link to={{ search: search.toString() }} className="font-semibold text-accent hover:underline">
      {reason}
    </Link>
  );
}
