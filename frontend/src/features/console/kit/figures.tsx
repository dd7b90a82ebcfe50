import { useMemo, useSyncExternalStore } from "react";
import { useLanguage } from "../../../shared/i18n/language";
import type { Language } from "../../../shared/i18n/messages";

const SECOND_MS = 1_000;
const TICK_MS = 5_000;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** How a language writes numbers, spans and times of the console. */
export function figuresIn(language: Language) {
  const locale = language === "de" ? "de-DE" : "en-GB";
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const minute = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const at = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  return {
    count: (value: number) => count.format(value),
    /** With as many digits as say something. */
    fine: (value: number) => (value >= 1_000 ? count : fine).format(value),
    rate: (perSecond: number) => `${fine.format(perSecond)}/s`,
    percent: (share: number) => percent.format(share),
    ms: (milliseconds: number | null | undefined) => writeSpan(milliseconds, fine),
    bytes: (value: number | null | undefined) => writeBytes(value, fine),
    clock: (time: string | number) => clock.format(new Date(time)),
    minute: (time: string | number) => minute.format(new Date(time)),
    at: (time: string | number) => at.format(new Date(time)),
    ago: (time: string | number, now: number) => writeAgo(new Date(time).getTime() - now, relative),
  };
}

function writeSpan(milliseconds: number | null | undefined, fine: Intl.NumberFormat): string {
  if (milliseconds === null || milliseconds === undefined) {
    return "–";
  }
  if (milliseconds >= 60_000) {
    return `${fine.format(milliseconds / 60_000)} min`;
  }
  return milliseconds >= SECOND_MS ? `${fine.format(milliseconds / SECOND_MS)} s` : `${fine.format(milliseconds)} ms`;
}

function writeBytes(bytes: number | null | undefined, fine: Intl.NumberFormat): string {
  if (bytes === null || bytes === undefined) {
    return "–";
  }
  return bytes >= 1_024 ? `${fine.format(bytes / 1_024)} KiB` : `${fine.format(bytes)} B`;
}

function writeAgo(difference: number, relative: Intl.RelativeTimeFormat): string {
  const seconds = Math.round(difference / SECOND_MS);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}

export function useFigures() {
  const { language } = useLanguage();
  return useMemo(() => figuresIn(language), [language]);
}

let now = Date.now();

function tick(tell: () => void): () => void {
  // It stood still while nobody asked.
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    tell();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** The time, as fine as "some seconds ago" needs it. */
export function useNow(): number {
  return useSyncExternalStore(tick, () => now);
}

interface AgoProps {
  time: string | number | null | undefined;
  /** Of what is yet to come; all else has happened, even if clocks disagree a little. */
  isAhead?: boolean;
}

/** How long ago something was, or in how long it is; exactly, to who points at it. */
export function Ago({ time, isAhead = false }: AgoProps) {
  const figures = useFigures();
  const today = useNow();
  if (time === null || time === undefined) {
    return <span className="text-soft">–</span>;
  }
  return (
    <time dateTime={new Date(time).toISOString()} title={figures.at(time)} className="whitespace-nowrap">
      {figures.ago(time, isAhead ? today : Math.max(today, new Date(time).getTime()))}
    </time>
  );
}

/** When something was, to the second. */
export function At({ time }: { time: string | number | null | undefined }) {
  const figures = useFigures();
  if (time === null || time === undefined) {
    return <span className="text-soft">–</span>;
  }
  return (
    <time dateTime={new Date(time).toISOString()} className="whitespace-nowrap tabular-nums">
      {figures.at(time)}
    </time>
  );
}
