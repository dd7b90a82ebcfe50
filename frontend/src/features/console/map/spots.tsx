import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { clsx } from "clsx";
import { useSearchParams } from "react-router";
import type { Spot } from "../data/scene";
import { useFigures } from "../kit/figures";
import { StateBadge } from "../kit/state-badge";
import { useWords } from "../kit/words";
import { GROUP_SIGN, nameOf, RIMS, SIGNS } from "./looks";

export type SpotNode = Node<{ spot: Spot }, "card" | "bar" | "frame">;

/** What the address says is looked at; another click lets go of it. */
export function useLookedAt(): [string | null, (id: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const look = (id: string | null) =>
    setParams(
      (now) => {
        id === null ? now.delete("at") : now.set("at", id);
        return now;
      },
      { replace: true },
    );
  return [params.get("at"), look];
}

const BUTTON = "nopan pointer-events-auto size-full rounded-xl border bg-surface text-left shadow-card hover:bg-sunken";

/** Somebody on the map. */
export function Card({ data: { spot } }: NodeProps<SpotNode>) {
  const words = useWords();
  const [at, look] = useLookedAt();
  const isGroup = spot.members.length > 1;
  const Sign = isGroup ? GROUP_SIGN : SIGNS[spot.kind];
  const isAt = at === spot.id;
  return (
    <>
      <button
        type="button"
        aria-pressed={isAt}
        className={clsx(BUTTON, RIMS[spot.health], isAt && "ring-2 ring-accent", "grid content-center gap-0.5 px-2.5")}
        onClick={() => look(isAt ? null : spot.id)}
      >
        <span className="flex items-center gap-1.5 text-soft text-xs leading-tight">
          <Sign size={13} aria-hidden />
          {words.map.kinds[spot.kind]}
          <Unwell spot={spot} />
        </span>
        <span className="truncate font-semibold text-sm leading-tight" title={nameOf(spot, words)}>
          {nameOf(spot, words)}
        </span>
        <Size spot={spot} />
      </button>
      <Ends />
    </>
  );
}

function Unwell({ spot: { health } }: { spot: Spot }) {
  const { states } = useWords();
  if (health === "good" || health === "unknown") {
    return null;
  }
  return <b className={clsx("ml-auto", health === "bad" ? "text-danger" : "text-warn")}>{states[health]}</b>;
}

/** How many instances, or how much waits. */
function Size({ spot }: { spot: Spot }) {
  const { map } = useWords();
  const figures = useFigures();
  const { kind, instances, messages, members } = spot;
  const said = [
    members.length > 1 && map.queues(members.length),
    kind === "queue" && typeof messages === "number" && map.waiting(figures.count(messages)),
    kind !== "queue" && typeof instances === "number" && map.instances(instances),
  ].filter((one) => one !== false);
  return said.length === 0 ? null : (
    <span className="truncate text-soft text-xs leading-tight tabular-nums">{said.join(" · ")}</span>
  );
}

/** The bus itself, across all that it connects. */
export function Bar({ data: { spot } }: NodeProps<SpotNode>) {
  const words = useWords();
  const [at, look] = useLookedAt();
  const isAt = at === spot.id;
  const Sign = SIGNS.bus;
  return (
    <>
      <button
        type="button"
        aria-pressed={isAt}
        className={clsx(
          "nopan pointer-events-auto flex size-full items-center gap-4 rounded-2xl border-2 border-accent bg-accent-soft px-5 text-left",
          isAt && "ring-2 ring-accent",
        )}
        onClick={() => look(isAt ? null : spot.id)}
      >
        <Sign size={26} className="shrink-0 text-accent-strong" aria-hidden />
        <span className="grid">
          <span className="font-display font-semibold text-lg leading-tight">{nameOf(spot, words)}</span>
          <span className="text-soft text-xs">{words.map.instances(spot.instances ?? 1)}</span>
        </span>
        <span className="ml-auto">
          <StateBadge state={spot.health} />
        </span>
      </button>
      <Ends />
    </>
  );
}

/** The broker, around what it holds. */
export function Frame({ data: { spot } }: NodeProps<SpotNode>) {
  const { map } = useWords();
  const [at, look] = useLookedAt();
  return (
    <div className="flex size-full items-start justify-end rounded-2xl border border-edge border-dashed p-1">
      <button
        type="button"
        aria-pressed={at === spot.id}
        className="nopan pointer-events-auto flex min-h-8 items-center gap-2 rounded-xl px-3 py-1 text-soft text-xs hover:bg-sunken"
        onClick={() => look(at === spot.id ? null : spot.id)}
      >
        {map.broker}
        <Unwell spot={spot} />
      </button>
    </div>
  );
}

/** The library wants to know where lines could end; ours are drawn by the plan. */
function Ends() {
  return (
    <>
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="invisible" />
      <Handle type="target" position={Position.Top} isConnectable={false} className="invisible" />
    </>
  );
}
