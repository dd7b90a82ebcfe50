import {
  Ban,
  Check,
  CircleAlert,
  CircleHelp,
  CirclePause,
  Clock,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Redo2,
  RotateCcw,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import type { ConsoleWords } from "../../../shared/i18n/messages";
import { Badge, type Tone } from "../../../shared/ui/badge";
import { useWords } from "./words";

export type State = keyof ConsoleWords["states"];

const LOOKS: Record<State, { tone: Tone; sign: LucideIcon }> = {
  running: { tone: "calm", sign: LoaderCircle },
  completed: { tone: "good", sign: Check },
  compensating: { tone: "warn", sign: Undo2 },
  compensated: { tone: "warn", sign: Undo2 },
  stuck: { tone: "bad", sign: OctagonX },
  done: { tone: "good", sign: Check },
  refused: { tone: "warn", sign: Ban },
  failed: { tone: "bad", sign: CircleAlert },
  retried: { tone: "warn", sign: RotateCcw },
  "dead-lettered": { tone: "bad", sign: OctagonX },
  waiting: { tone: "warn", sign: Clock },
  replaying: { tone: "calm", sign: LoaderCircle },
  replayed: { tone: "good", sign: Redo2 },
  discarded: { tone: "calm", sign: Ban },
  paused: { tone: "warn", sign: CirclePause },
  stopped: { tone: "bad", sign: OctagonX },
  undoing: { tone: "warn", sign: Undo2 },
  undone: { tone: "warn", sign: Undo2 },
  good: { tone: "good", sign: Check },
  degraded: { tone: "warn", sign: TriangleAlert },
  bad: { tone: "bad", sign: CircleAlert },
  unknown: { tone: "calm", sign: CircleHelp },
};

/** How something stands: a word, a sign and a colour, the same on every screen. */
export function StateBadge({ state }: { state: State }) {
  const { states } = useWords();
  const { tone, sign } = LOOKS[state];
  return (
    <Badge tone={tone} sign={sign}>
      {states[state]}
    </Badge>
  );
}
