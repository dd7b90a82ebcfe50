import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useId, useMemo } from "react";
import { useSearchParams } from "react-router";
import { routesQuery, servicesOf } from "../data/routes";
import { type Saturation, type Traffic, trafficQuery } from "../data/traffic";
import { useFigures } from "../kit/figures";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { useWords } from "../kit/words";
import { ALL, chosenOf, perSecond, RANGES, rangeOf, timesOf } from "./lines";
import { TimeSeries } from "./time-series";

/** How much passed over time, how fast and how well. */
export function ChartsScreen() {
  const { charts } = useWords();
  const [params] = useSearchParams();
  const found = useLive(trafficQuery(rangeOf(params.get("range"))));
  return (
    <Screen title={charts.title} lead={charts.lead}>
      <Choices />
      <Found of={found}>{(traffic) => <Charts traffic={traffic} of={params.get("of") ?? ALL} />}</Found>
    </Screen>
  );
}

function Choices() {
  const { charts } = useWords();
  const [params] = useSearchParams();
  const routes = useQuery(routesQuery).data ?? [];
  const services = [...new Set(routes.flatMap(servicesOf))].sort();
  return (
    <div className="flex flex-wrap gap-3">
      <Choice name="of" label={charts.of} value={params.get("of") ?? ALL}>
        <option value={ALL}>{charts.everything}</option>
        <optgroup label={charts.services}>
          {services.map((name) => (
            <option key={name} value={`service:${name}`}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label={charts.routes}>
          {routes.map(({ name }) => (
            <option key={name} value={`route:${name}`}>
              {name}
            </option>
          ))}
        </optgroup>
      </Choice>
      <Choice name="range" label={charts.range} value={String(rangeOf(params.get("range")))}>
        {RANGES.map((one) => (
          <option key={one} value={one}>
            {charts.ranges[one]}
          </option>
        ))}
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  value: string;
  children: ReactNode;
}

function Choice({ name, label, value, children }: ChoiceProps) {
  const id = useId();
  const [, setParams] = useSearchParams();
  const put = (next: string) =>
    setParams(
      (now) => {
        now.set(name, next);
        return now;
      },
      { replace: true },
    );
  return (
    <div className="grid w-[calc(50%-0.375rem)] gap-1 sm:w-52">
      <label htmlFor={id} className="font-medium text-soft text-xs">
        {label}
      </label>
      <select
        id={id}
        className="control min-h-9! rounded-lg! px-2.5! py-1! text-sm"
        value={value}
        onChange={({ target }) => put(target.value)}
      >
        {children}
      </select>
    </div>
  );
}

function Charts({ traffic, of }: { traffic: Traffic; of: string }) {
  const { charts } = useWords();
  const figures = useFigures();
  const shown = useMemo(() => {
    const series = chosenOf(traffic, of);
    return { series, times: timesOf(traffic, series.requests.length) };
  }, [traffic, of]);
  const { series, times } = shown;
  const rate = (counts: number[]) => perSecond(counts, traffic.step_seconds);
  const ms = useCallback((value: number) => figures.ms(value), [figures]);
  const many = useCallback((value: number) => figures.rate(value), [figures]);
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <TimeSeries
        title={charts.throughput}
        times={times}
        write={many}
        lines={[{ name: charts.requests, values: rate(series.requests), tone: "accent" }]}
      />
      <TimeSeries
        title={charts.latency}
        {...(of === ALL && { note: charts.worst })}
        times={times}
        write={ms}
        lines={[
          { name: charts.p50, values: series.p50_ms, tone: "accent" },
          { name: charts.p95, values: series.p95_ms, tone: "warn", dash: [6, 3] },
          { name: charts.p99, values: series.p99_ms, tone: "danger", dash: [2, 3] },
        ]}
      />
      <TimeSeries
        title={charts.errors}
        times={times}
        write={many}
        lines={[
          { name: charts.failed, values: rate(series.failed), tone: "danger" },
          { name: charts.refused, values: rate(series.refused), tone: "warn", dash: [6, 3] },
        ]}
      />
      <Saturated traffic={traffic} />
    </div>
  );
}

const LOOKS = [
  { tone: "accent" as const },
  { tone: "warn" as const, dash: [6, 3] },
  { tone: "clay" as const, dash: [2, 3] },
];

/** Of each thing that there is only so much of, which share was in use. */
function Saturated({ traffic }: { traffic: Traffic }) {
  const { charts } = useWords();
  const figures = useFigures();
  const names: Record<string, string> = charts.gauges;
  const share = useCallback((value: number) => figures.percent(value), [figures]);
  const count = traffic.saturation[0]?.used.length ?? 0;
  const lines = traffic.saturation.map((gauge, index) => ({
    name: names[gauge.name] ?? gauge.name,
    values: shareOf(gauge),
    tone: "clay" as const,
    ...LOOKS[index],
  }));
  return <TimeSeries title={charts.saturation} times={timesOf(traffic, count)} write={share} lines={lines} />;
}

function shareOf({ used, limit }: Saturation): (number | null)[] {
  return used.map((one) => (one === null || limit === 0 ? null : one / limit));
}
