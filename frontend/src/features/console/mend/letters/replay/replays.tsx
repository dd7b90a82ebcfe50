import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import { Button } from "../../../../../shared/ui/button";
import { type Replay, replaysQuery, type Turn, turnReplay } from "../../../data/letters";
import { all } from "../../../data/pages";
import { Ago, useFigures } from "../../../kit/figures";
import { Panel } from "../../../kit/panel";
import { usePace } from "../../../kit/refresh";
import { Mishap } from "../../../kit/screen";
import { StateBadge } from "../../../kit/state-badge";
import { More } from "../../../kit/table";
import { useWords } from "../../../kit/words";
import { ReplayHistory } from "./replay-history";

/** What moves is asked about more often. */
const RUNNING_MS = 1_000;

/** The last replays, and how far those are that run. */
export function Replays() {
  const { letters } = useWords();
  const pace = usePace();
  const found = useInfiniteQuery({
    ...replaysQuery,
    refetchInterval: ({ state }) =>
      pace !== false && all(state.data).some((one) => one.state === "running") ? RUNNING_MS : pace,
  });
  if (found.error !== null) {
    return <Mishap error={found.error} onRetry={() => void found.refetch()} />;
  }
  const items = all(found.data);
  return items.length === 0 ? null : (
    <Panel title={letters.replays}>
      <ul className="grid gap-4">
        {items.map((replay) => (
          <Progress key={replay.id} replay={replay} />
        ))}
      </ul>
      <div className="mt-4 grid empty:hidden">
        <More
          isThere={found.hasNextPage}
          isComing={found.isFetchingNextPage}
          onMore={() => void found.fetchNextPage()}
        />
      </div>
    </Panel>
  );
}

function Progress({ replay }: { replay: Replay }) {
  const { letters } = useWords();
  const figures = useFigures();
  const { replayed, failed, skipped, total, came_back: back } = replay;
  const done = replayed + failed + skipped;
  return (
    <li className="grid gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StateBadge state={replay.state} />
          <span className="font-semibold tabular-nums">
            {letters.progress(figures.count(done), figures.count(total))}
          </span>
          <span className="text-soft">
            <Ago time={replay.created_at} />
          </span>
        </span>
        <Turns replay={replay} />
      </div>
      <progress
        aria-label={letters.progressOf}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent"
        max={Math.max(1, total)}
        value={done}
      />
      <p className="text-soft text-xs">
        {[
          letters.tally.replayed(replayed),
          failed > 0 ? letters.tally.failed(failed) : null,
          skipped > 0 ? letters.tally.skipped(skipped) : null,
          back > 0 ? letters.tally.back(back) : null,
          typeof replay.detail === "string" ? replay.detail : null,
        ]
          .filter((one) => one !== null)
          .join(" · ")}
      </p>
      <ReplayHistory id={replay.id} />
    </li>
  );
}

const SIGNS = { pause: Pause, resume: Play, cancel: Square };

function Turns({ replay: { id, state } }: { replay: Replay }) {
  const { letters } = useWords();
  const queries = useQueryClient();
  const turning = useMutation({
    mutationFn: (turn: Turn) => turnReplay(id, turn),
    onSettled: () => queries.invalidateQueries({ queryKey: ["console", "replays"] }),
  });
  const turns: Turn[] = state === "running" ? ["pause", "cancel"] : state === "paused" ? ["resume", "cancel"] : [];
  return (
    <span className="flex flex-wrap gap-2">
      {turns.map((turn) => {
        const Sign = SIGNS[turn];
        return (
          <Button
            key={turn}
            look="secondary"
            className="min-h-9! rounded-lg! px-3! py-1!"
            disabled={turning.isPending}
            onClick={() => turning.mutate(turn)}
          >
            <Sign size={15} aria-hidden />
            {letters.turns[turn]}
          </Button>
        );
      })}
      {turning.isError && <Mishap error={turning.error} />}
    </span>
  );
}
