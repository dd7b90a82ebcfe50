import { clsx } from "clsx";
import { useFigures } from "../../kit/figures";
import { Panel } from "../../kit/panel";
import { useWords } from "../../kit/words";
import type { Exchange } from "./use-exchanges";

interface Props {
  exchanges: Exchange[];
  shown: Exchange | null;
  onShow: (number: number) => void;
}

/** What was sent since the page was opened, the newest first. */
export function History({ exchanges, shown, onShow }: Props) {
  const { tester } = useWords();
  const figures = useFigures();
  return exchanges.length < 2 ? null : (
    <Panel title={tester.history}>
      <ol className="grid grid-cols-[minmax(0,1fr)]">
        {exchanges
          .toSorted((one, other) => other.number - one.number)
          .map((one) => (
            <li key={one.number}>
              <button
                type="button"
                aria-current={one.number === shown?.number ? "true" : undefined}
                className={clsx(
                  "flex min-h-9 w-full items-center justify-between gap-3 rounded-lg px-2 text-left hover:bg-sunken",
                  one.number === shown?.number && "bg-sunken font-semibold",
                )}
                onClick={() => onShow(one.number)}
              >
                <span className="min-w-0 truncate font-mono text-[0.8125rem]">{one.title}</span>
                <span className="flex shrink-0 gap-3 text-soft tabular-nums">
                  <span>{one.answer?.status ?? "–"}</span>
                  <span>{figures.clock(one.at)}</span>
                </span>
              </button>
            </li>
          ))}
      </ol>
    </Panel>
  );
}
