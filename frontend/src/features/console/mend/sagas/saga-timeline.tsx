import { clsx } from "clsx";
import { Ban, Check, Circle, LoaderCircle, type LucideIcon, Undo2 } from "lucide-react";
import type { SagaDetail, Step } from "../../data/sagas";
import { At, useFigures } from "../../kit/figures";
import { JsonView } from "../../kit/json-view";
import { Panel } from "../../kit/panel";
import { StateBadge } from "../../kit/state-badge";
import { useWords } from "../../kit/words";
import { durations, requestLine } from "./may";

const LOOKS: Record<Step["state"], { sign: LucideIcon; look: string }> = {
  waiting: { sign: Circle, look: "bg-sunken text-soft" },
  running: { sign: LoaderCircle, look: "bg-sunken text-ink" },
  done: { sign: Check, look: "bg-accent text-on-accent" },
  refused: { sign: Ban, look: "bg-warn-soft text-warn" },
  undoing: { sign: Undo2, look: "bg-warn-soft text-warn" },
  undone: { sign: Undo2, look: "bg-warn-soft text-warn" },
};

/** Every step of the plan, in its order: how far it is, how often it was tried, what came of it. */
export function SagaTimeline({ saga }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  const took = durations(saga);
  return (
    <Panel title={sagas.steps}>
      <ol aria-label={sagas.steps}>
        {saga.steps.map((step, index) => (
          <Entry
            key={step.name}
            step={step}
            took={took[index] ?? null}
            isHere={saga.step === step.name && saga.state !== "completed" && saga.state !== "compensated"}
          />
        ))}
      </ol>
    </Panel>
  );
}

function Entry({ step, took, isHere }: { step: Step; took: number | null; isHere: boolean }) {
  const { sagas } = useWords();
  const figures = useFigures();
  const { sign: Sign, look } = LOOKS[step.state];
  return (
    <li
      aria-current={isHere ? "step" : undefined}
      className="group relative grid grid-cols-[2.25rem_minmax(0,1fr)] gap-3 pb-5 last:pb-0"
    >
      <span aria-hidden className="absolute top-9 bottom-0 left-[1.0625rem] w-0.5 bg-line group-last:hidden" />
      <span className={clsx("grid size-9 place-items-center rounded-full", look)}>
        <Sign size={16} aria-hidden />
      </span>
      <div className="grid min-w-0 gap-1 pt-1.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="font-mono! font-semibold! text-sm tracking-normal!">{step.name}</h3>
          {step.state === "waiting" ? (
            <span className="text-soft">{sagas.notBegun}</span>
          ) : (
            <StateBadge state={step.state} />
          )}
          {isHere && <span className="font-medium text-xs">{sagas.here}</span>}
        </div>
        {step.state !== "waiting" && (
          <p className="text-soft">
            {sagas.tries(step.attempts)}
            {took !== null && ` · ${figures.ms(took)}`}
            {step.at !== undefined && step.at !== null && (
              <>
                {" · "}
                <At time={step.at} />
              </>
            )}
          </p>
        )}
        {step.error !== undefined && step.error !== null && (
          <p className="rounded-lg bg-danger-soft px-3 py-2 [overflow-wrap:anywhere]">{step.error}</p>
        )}
        <Document title={sagas.input} of={step.name} value={step.input} line={requestLine(step.input)} />
        <Document title={sagas.output} of={step.name} value={step.output} />
      </div>
    </li>
  );
}

interface DocumentProps {
  title: string;
  /** The step. */
  of: string;
  value: unknown;
  /** The gist of it. */
  line?: string;
}

/** What went in or came out, for who opens it. */
function Document({ title, of, value, line = "" }: DocumentProps) {
  return value === undefined || value === null ? null : (
    <details>
      <summary className="min-h-6 cursor-pointer text-soft">
        {title}
        <span className="sr-only">, {of}</span> <code className="[overflow-wrap:anywhere]">{line}</code>
      </summary>
      <div className="mt-1">
        <JsonView value={value} />
      </div>
    </details>
  );
}
