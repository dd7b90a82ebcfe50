import { clsx } from "clsx";
import type { Spot } from "../data/scene";
import { Panel } from "../kit/panel";
import { useWords } from "../kit/words";
import { LINES, type LineKind, SIGNS } from "./looks";

const KINDS: Spot["kind"][] = ["client", "bus", "service", "engine", "exchange", "queue"];
const LINE_KINDS: LineKind[] = ["seen", "idle", "failing", "unseen"];

/** What each kind on the map is, in a sentence: the whole architecture in six. */
export function Legend() {
  const { map } = useWords();
  return (
    <Panel title={map.legend}>
      <dl className="grid gap-x-8 gap-y-3 md:grid-cols-2 2xl:grid-cols-3">
        {KINDS.map((kind) => (
          <Kind key={kind} kind={kind} />
        ))}
      </dl>
      <p className="mt-4 text-soft">{map.lines}</p>
      <ul className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        {LINE_KINDS.map((kind) => (
          <li key={kind} className="flex items-center gap-2">
            <svg width={36} height={8} aria-hidden>
              <path d="M 0 4 L 36 4" className={LINES[kind]} fill="none" strokeWidth={kind === "seen" ? 3 : 1.5} />
            </svg>
            {map.lineKinds[kind]}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Kind({ kind }: { kind: Spot["kind"] }) {
  const { map } = useWords();
  const Sign = SIGNS[kind];
  return (
    <div className="grid grid-cols-[2rem_1fr] content-start gap-x-2">
      <dt className="contents">
        <span
          className={clsx(
            "row-span-2 grid size-8 place-items-center rounded-lg",
            kind === "bus" ? "bg-accent-soft text-accent-strong" : "bg-sunken text-soft",
          )}
        >
          <Sign size={16} aria-hidden />
        </span>
        <span className="font-semibold">{map.kinds[kind]}</span>
      </dt>
      <dd className="col-start-2 text-soft">{map.explained[kind]}</dd>
    </div>
  );
}
