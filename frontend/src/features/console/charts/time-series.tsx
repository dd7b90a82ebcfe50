import { clsx } from "clsx";
import { useCallback, useState } from "react";
import { last, most } from "../data/traffic";
import { useFigures } from "../kit/figures";
import { Panel } from "../kit/panel";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import type { Line } from "./lines";
import { Plot } from "./plot";

interface Props {
  title: string;
  note?: string;
  times: number[];
  lines: Line[];
  write: (value: number) => string;
}

const STROKES: Record<Line["tone"], string> = {
  accent: "stroke-accent",
  warn: "stroke-warn",
  danger: "stroke-danger",
  clay: "stroke-clay",
};

/** Lines over time: as a picture with what it says beside it, or as a table. */
export function TimeSeries({ title, note, times, lines, write }: Props) {
  const { kit } = useWords();
  const figures = useFigures();
  const [isTable, setTable] = useState(false);
  const clock = useCallback((seconds: number) => figures.minute(seconds * 1_000), [figures]);
  return (
    <Panel
      title={title}
      actions={
        <button
          type="button"
          aria-pressed={isTable}
          className="min-h-8 rounded-lg border border-line px-2.5 text-xs hover:bg-sunken"
          onClick={() => setTable(!isTable)}
        >
          {isTable ? kit.asPicture : kit.asTable}
          <span className="sr-only">, {title}</span>
        </button>
      }
    >
      {note !== undefined && <p className="-mt-2 mb-2 text-soft text-xs">{note}</p>}
      {isTable ? (
        <Table title={title} times={times} lines={lines} write={write} />
      ) : (
        <figure>
          <Plot times={times} lines={lines} write={write} clock={clock} />
          <figcaption className="mt-2">
            <Caption lines={lines} write={write} />
          </figcaption>
        </figure>
      )}
    </Panel>
  );
}

function Caption({ lines, write }: Pick<Props, "lines" | "write">) {
  const { charts } = useWords();
  const said = (value: number | null) => (value === null ? "–" : write(value));
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1">
      {lines.map(({ name, values, tone, dash }) => (
        <li key={name} className="flex items-center gap-2">
          <svg width={22} height={6} aria-hidden className={clsx("shrink-0 stroke-2", STROKES[tone])}>
            <path d="M 0 3 L 22 3" strokeDasharray={dash?.join(" ")} />
          </svg>
          <span>
            <b className="font-semibold">{name}</b>{" "}
            <span className="text-soft tabular-nums">{charts.caption(said(last(values)), said(most(values)))}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Table({ title, times, lines, write }: Omit<Props, "note">) {
  const { charts } = useWords();
  const figures = useFigures();
  const rows = times.map((time, step) => ({ time, step })).reverse();
  const columns: Column<{ time: number; step: number }>[] = [
    { key: "time", title: charts.time, cell: ({ time }) => figures.at(time * 1_000) },
    ...lines.map(({ name, values }) => ({
      key: name,
      title: name,
      isNumber: true,
      cell: ({ step }: { step: number }) => {
        const value = values[step] ?? null;
        return value === null ? "–" : write(value);
      },
    })),
  ];
  return (
    <div className="max-h-80 overflow-hidden [&>section]:max-h-80">
      <DataTable caption={title} rows={rows} columns={columns} rowKey={({ step }) => String(step)} />
    </div>
  );
}
