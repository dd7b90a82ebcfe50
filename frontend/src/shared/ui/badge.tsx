import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";

export type Tone = "calm" | "good" | "warn" | "bad";

const TONES: Record<Tone, string> = {
  calm: "bg-sunken text-ink",
  good: "bg-accent-soft text-accent-strong",
  warn: "bg-warn-soft text-warn",
  bad: "bg-danger-soft text-danger",
};

/** A word with a sign and a colour; never the colour alone. */
export function Badge({ tone, sign: Sign, children }: { tone: Tone; sign: LucideIcon; children: string }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 py-1 font-semibold text-xs",
        TONES[tone],
      )}
    >
      <Sign size={14} aria-hidden />
      {children}
    </span>
  );
}
