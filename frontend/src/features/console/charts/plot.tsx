import "uplot/dist/uPlot.min.css";

import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { INKS, type Scheme, useScheme } from "./inks";
import type { Line } from "./lines";

interface Props {
  times: number[];
  lines: Line[];
  write: (value: number) => string;
  clock: (seconds: number) => string;
}

const HEIGHT = 200;
const AXIS_WIDTH = 62;

/** The picture of some lines; what it shows is said beside it, for who can't see it. */
export function Plot({ times, lines, write, clock }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const width = useRef(0);
  const scheme = useScheme();
  const shape = JSON.stringify(lines.map(({ name, tone, dash, values }) => [name, tone, dash, values.includes(null)]));
  // A canvas is drawn by hand: anew for other lines or colours …
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is what of the lines matters here
  useEffect(() => {
    const within = frame.current;
    if (within === null) {
      return;
    }
    // Measured once and then told: to measure while the colours change would hold up what the page is drawn with.
    width.current ||= within.clientWidth;
    const drawn = new UPlot(options(lines, { write, clock, width: width.current, scheme }), data(times, lines), within);
    plot.current = drawn;
    within.dataset.ink = scheme;
    const watch = new ResizeObserver(() => {
      width.current = within.clientWidth;
      drawn.setSize({ width: width.current, height: HEIGHT });
    });
    watch.observe(within);
    return () => {
      watch.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [shape, scheme, write, clock]);
  // … and only filled again for other numbers.
  useEffect(() => {
    plot.current?.setData(data(times, lines));
  }, [times, lines]);
  return <div ref={frame} aria-hidden className="min-w-0 overflow-hidden" style={{ height: HEIGHT }} />;
}

function data(times: number[], lines: Line[]): UPlot.AlignedData {
  return [times, ...lines.map(({ values }) => values)];
}

interface Writing {
  write: Props["write"];
  clock: Props["clock"];
  width: number;
  scheme: Scheme;
}

function options(lines: Line[], { write, clock, width, scheme }: Writing): UPlot.Options {
  const grid = { stroke: INKS.line[scheme], width: 1 };
  const axis = {
    stroke: INKS.soft[scheme],
    grid,
    ticks: { ...grid, size: 4 },
    font: "11px 'Inter Variable', sans-serif",
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [10, 8, 0, 0],
    // The charts of a screen share their crosshair.
    cursor: { sync: { key: "console" }, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, space: 64, size: 30, values: (_, splits) => splits.map(clock) },
      { ...axis, size: AXIS_WIDTH, values: (_, splits) => splits.map(write) },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, scheme))],
  };
}

function seriesOf({ name, tone, dash, values }: Line, scheme: Scheme): UPlot.Series {
  const stroke = INKS[tone][scheme];
  return {
    label: name,
    stroke,
    width: 2,
    points: { show: values.includes(null), size: 5, fill: stroke },
    spanGaps: false,
    ...(dash === undefined ? {} : { dash }),
  };
}
