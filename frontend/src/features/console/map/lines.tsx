import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { clsx } from "clsx";
import { failing, type Way } from "../data/scene";
import { useFigures } from "../kit/figures";
import { useWords } from "../kit/words";
import type { Drawn } from "./layout";
import { LINES, lineKind, lineWidth } from "./looks";
import type { Pulse } from "./pulses";

export type WayEdge = Edge<{ way: Way; drawn: Drawn; pulses: Pulse[]; onEnd: (key: number) => void }, "way">;

const TONES: Record<Pulse["tone"], string> = { good: "fill-accent", warn: "fill-warn", bad: "fill-danger" };

/** A line between two, with what passes on it. */
export function Line({ id, data }: EdgeProps<WayEdge>) {
  if (data === undefined) {
    return null;
  }
  const { way, drawn, pulses, onEnd } = data;
  return (
    <>
      <BaseEdge
        id={id}
        path={drawn.path}
        className={clsx("[fill:none]!", LINES[lineKind(way)])}
        style={{ strokeWidth: lineWidth(way.rate) }}
      />
      {pulses.map(({ key, tone, delay }) => (
        <circle
          key={key}
          r={5}
          className={clsx("animate-travel stroke-2 stroke-surface", TONES[tone])}
          style={{ offsetPath: `path("${drawn.path}")`, animationDelay: `${delay}ms` }}
          onAnimationEnd={() => onEnd(key)}
        />
      ))}
      <Label way={way} drawn={drawn} />
    </>
  );
}

function Label({ way, drawn: { label } }: { way: Way; drawn: Drawn }) {
  const { map } = useWords();
  const figures = useFigures();
  if (way.rate === null || way.rate === 0) {
    return null;
  }
  const share = failing(way);
  return (
    <EdgeLabelRenderer>
      <div
        aria-hidden
        className="absolute grid rounded-md bg-paper/90 px-1 text-center text-xs leading-tight tabular-nums"
        style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
      >
        <b>{figures.rate(way.rate)}</b>
        {way.p95 !== null && <span>{figures.ms(way.p95)}</span>}
        {share > 0 && <span className="font-semibold text-danger">{map.failing(figures.percent(share))}</span>}
      </div>
    </EdgeLabelRenderer>
  );
}
