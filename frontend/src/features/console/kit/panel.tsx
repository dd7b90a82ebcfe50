import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Link } from "react-router";
import type { Tone } from "../../../shared/ui/badge";

interface PanelProps {
  title: string;
  /** What belongs to the panel's own head, such as a button. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a screen with a heading of its own. */
export function Panel({ title, actions, className, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx("card min-w-0 rounded-2xl! p-4 sm:p-5", className)}>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="text-lg">
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** What is known of one thing, each under its name; what is not known is left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl className="grid gap-x-6 gap-y-2.5 sm:grid-cols-[max-content_1fr]">
      {known.map(([name, value]) => (
        <div key={name} className="grid min-w-0 sm:col-span-2 sm:grid-cols-subgrid sm:items-baseline">
          <dt className="text-soft">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const TONES: Record<Tone, string> = {
  calm: "text-soft bg-sunken",
  good: "text-accent-strong bg-accent-soft",
  warn: "text-warn bg-warn-soft",
  bad: "text-danger bg-danger-soft",
};

interface TileProps {
  to: string;
  name: string;
  value: string;
  note?: string;
  tone: Tone;
  sign: LucideIcon;
}

/** One number that matters, which leads to where it comes from. */
export function Tile({ to, name, value, note, tone, sign: Sign }: TileProps) {
  return (
    <Link to={to} className="card flex items-center gap-2.5 rounded-2xl! px-3.5 py-3 hover:border-edge">
      <span className={clsx("grid size-9 shrink-0 place-items-center rounded-full", TONES[tone])}>
        <Sign size={18} aria-hidden />
      </span>
      <span className="grid min-w-0">
        <span className="text-soft text-xs leading-snug">{name}</span>
        <span className="font-semibold text-xl tabular-nums leading-tight">{value}</span>
        {note !== undefined && <span className="text-soft text-xs">{note}</span>}
      </span>
    </Link>
  );
}
