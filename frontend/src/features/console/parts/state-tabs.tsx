import { clsx } from "clsx";
import { Link, useSearchParams } from "react-router";
import { useFigures } from "../kit/figures";
import { type State, StateBadge } from "../kit/state-badge";
import { useWords } from "../kit/words";

export interface Tally {
  state: State;
  count: number;
  /** Whether there are more than were counted. */
  more?: boolean;
}

/** How many there are in each state; each leads to those, and again to all. */
export function StateTabs({ tallies, label }: { tallies: Tally[]; label: string }) {
  const [params] = useSearchParams();
  const chosen = params.get("state");
  return (
    <nav aria-label={label} className="flex flex-wrap gap-2">
      {tallies.map((tally) => (
        <Tab key={tally.state} tally={tally} isChosen={chosen === tally.state} params={params} />
      ))}
    </nav>
  );
}

function Tab({ tally, isChosen, params }: { tally: Tally; isChosen: boolean; params: URLSearchParams }) {
  const figures = useFigures();
  const { parts } = useWords();
  const next = new URLSearchParams(params);
  if (isChosen) {
    next.delete("state");
  } else {
    next.set("state", tally.state);
  }
  return (
    <Link
      to={{ search: next.toString() }}
      replace
      aria-current={isChosen ? "true" : undefined}
      title={isChosen ? parts.showAll : undefined}
      className={clsx(
        "card flex min-h-11 items-center gap-2.5 rounded-xl! py-1.5 pr-4 pl-2.5 hover:border-edge",
        isChosen && "border-accent! ring-1 ring-accent",
      )}
    >
      <StateBadge state={tally.state} />
      <span className="font-semibold text-base tabular-nums">
        {figures.count(tally.count)}
        {tally.more === true && "+"}
      </span>
    </Link>
  );
}
