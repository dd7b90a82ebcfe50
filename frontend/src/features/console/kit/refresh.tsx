import {
  type DefaultError,
  type QueryKey,
  type UseQueryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { createContext, type ReactNode, useContext, useId, useState, useSyncExternalStore } from "react";
import { useFigures, useNow } from "./figures";
import { useWords } from "./words";

const CHOICES = [0, 5, 15, 60] as const;
const KEPT = "console-refresh";

interface Pace {
  seconds: number;
  choose: (seconds: number) => void;
}

const Chosen = createContext<Pace>({ seconds: 5, choose: () => {} });

/** How often the console asks again; kept for the next visit. */
export function RefreshProvider({ children }: { children: ReactNode }) {
  const [seconds, setSeconds] = useState(
    () => CHOICES.find((one) => String(one) === localStorage.getItem(KEPT)) ?? CHOICES[1],
  );
  const choose = (next: number) => {
    localStorage.setItem(KEPT, String(next));
    setSeconds(CHOICES.find((one) => one === next) ?? CHOICES[1]);
  };
  return <Chosen value={{ seconds, choose }}>{children}</Chosen>;
}

/** What `refetchInterval` has to be; nothing is asked while the tab is hidden. */
export function usePace(): number | false {
  const { seconds } = useContext(Chosen);
  return seconds === 0 ? false : seconds * 1_000;
}

/** `useQuery` that asks again as often as the operator chose. */
export function useLive<Told, Key extends QueryKey>(options: UseQueryOptions<Told, DefaultError, Told, Key>) {
  return useQuery({ ...options, refetchInterval: usePace() });
}

/** How often, when last, and again now: of all that the screen shows. */
export function Refresh() {
  const { refresh } = useWords();
  const { seconds, choose } = useContext(Chosen);
  const queries = useQueryClient();
  const id = useId();
  return (
    <div className="flex items-center gap-1.5 text-sm">
      <Updated />
      <label htmlFor={id} className="sr-only">
        {refresh.every}
      </label>
      <select
        id={id}
        className="control min-h-9! w-auto! rounded-lg! py-1! text-sm"
        value={seconds}
        onChange={({ target }) => choose(Number(target.value))}
      >
        {CHOICES.map((one) => (
          <option key={one} value={one}>
            {one === 0 ? refresh.off : refresh.seconds(one)}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label={refresh.now}
        title={refresh.now}
        className="grid size-9 place-items-center rounded-lg hover:bg-sunken"
        onClick={() => void queries.refetchQueries({ type: "active" })}
      >
        <RefreshCw size={16} aria-hidden />
      </button>
    </div>
  );
}

function Updated() {
  const { refresh } = useWords();
  const figures = useFigures();
  const now = useNow();
  const cache = useQueryClient().getQueryCache();
  const latest = () => Math.max(0, ...cache.findAll({ type: "active" }).map(({ state }) => state.dataUpdatedAt));
  const at = useSyncExternalStore((tell) => cache.subscribe(tell), latest);
  return (
    <span className="mr-1 hidden text-soft tabular-nums sm:inline">
      {at === 0 ? refresh.never : refresh.updated(figures.ago(at, Math.max(at, now)))}
    </span>
  );
}
