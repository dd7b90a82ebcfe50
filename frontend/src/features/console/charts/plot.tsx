import "uplot/dist/uPlot.min.css";

import { useEffect, useRef, useSyncExternalStore } from "react";
import UPlot from "uplot";
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
  const ink = useInk();
  const shape = JSON.stringify(lines.map(({ name, tone, dash, values }) => [name, tone, dash, values.includes(null)]));
  // A canvas is drawn by hand: anew for other lines or colours …
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is what of the lines matters here
  useEffect(() => {
    const within = frame.current;
    if (within === null) {
      return;
    }
    const drawn = new UPlot(options(lines, { write, clock, width: within.clientWidth }), data(times, lines), within);
    plot.current = drawn;
    within.dataset.ink = ink;
    const watch = new ResizeObserver(() => drawn.setSize({ width: within.clientWidth, height: HEIGHT }));
    watch.observe(within);
    return () => {
      watch.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [shape, ink, write, clock]);
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
}

function options(lines: Line[], { write, clock, width }: Writing): UPlot.Options {
  const grid = { stroke: colour("line"), width: 1 };
  const axis = { stroke: colour("soft"), grid, ticks: { ...grid, size: 4 }, font: "11px 'Inter Variable', sans-serif" };
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
    series: [{}, ...lines.map(seriesOf)],
  };
}

function seriesOf({ name, tone, dash, values }: Line): UPlot.Series {
  const stroke = colour(tone);
  return {
    label: name,
    stroke,
    width: 2,
    points: { show: values.includes(null), size: 5, fill: stroke },
    spanGaps: false,
    ...(dash === undefined ? {} : { dash }),
  };
}

/** A colour of the theme, as a canvas understands it. */
function colour(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--color-${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes with the theme, whoever changed it. */
function useInk(): string {
  return useSyncExternalStore(watchTheme, () => getComputedStyle(document.body).color);
}

function watchTheme(tell: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", tell);
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    query.removeEventListener("change", tell);
    chosen.disconnect();
  };
}
