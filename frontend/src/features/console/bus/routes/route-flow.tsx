import {
  ArrowDownUp,
  ArrowRight,
  DoorOpen,
  FileCheck2,
  Gauge,
  type LucideIcon,
  RotateCcw,
  Shuffle,
  UserCheck,
} from "lucide-react";
import type { ReactNode } from "react";
import type { ConsoleWords } from "../../../../shared/i18n/messages";
import type { Route, Stage } from "../../data/routes";
import { targetOf } from "../../data/routes";
import { useFigures } from "../../kit/figures";
import { useWords } from "../../kit/words";
import { Doors } from "./doors";

/** The way of a message through a route, step by step: policies first, then changes, then the endpoint. */
export function RouteFlow({ route }: { route: Route }) {
  const { routes } = useWords();
  const { steps } = routes;
  return (
    <ol className="flex flex-col items-stretch gap-2 lg:flex-row lg:flex-wrap lg:items-stretch">
      <Step name={steps.door} sign={DoorOpen} look="end">
        <Doors of={route} />
      </Step>
      <Step name={steps.allow} sign={UserCheck}>
        {route.allow.map((one) => (one === "anyone" ? routes.anyone : one)).join(", ")}
      </Step>
      <Step name={steps.rate} sign={Gauge}>
        {routes.rate(route.rate)}
      </Step>
      <Step name={steps.body} sign={FileCheck2}>
        <Body route={route} />
      </Step>
      {(route.via ?? []).map((stage) => (
        <Step key={JSON.stringify(stage)} name={steps.stage} sign={Shuffle}>
          <Change stage={stage} />
        </Step>
      ))}
      {!("outcome" in route.to) && (
        <Step name={steps.retry} sign={RotateCcw}>
          <Retry route={route} />
        </Step>
      )}
      <Step name={steps.target} sign={ArrowDownUp} look="end" isLast>
        <To route={route} />
      </Step>
    </ol>
  );
}

interface StepProps {
  name: string;
  sign: LucideIcon;
  look?: "end" | "between";
  isLast?: boolean;
  children: ReactNode;
}

function Step({ name, sign: Sign, look = "between", isLast = false, children }: StepProps) {
  const box = look === "end" ? "border-2 border-accent bg-accent-soft" : "border border-line bg-paper";
  return (
    <li className="flex flex-col items-center gap-2 lg:flex-row">
      <div
        className={`grid w-full min-w-36 content-start gap-1 self-stretch rounded-xl px-3 py-2.5 lg:max-w-64 ${box}`}
      >
        <span className="flex items-center gap-1.5 text-soft text-xs">
          <Sign size={14} aria-hidden />
          {name}
        </span>
        <div className="[overflow-wrap:anywhere]">{children}</div>
      </div>
      {!isLast && <ArrowRight size={18} className="shrink-0 rotate-90 text-soft lg:rotate-0" aria-hidden />}
    </li>
  );
}

function Body({ route: { format, body_max_bytes } }: { route: Route }) {
  const { routes } = useWords();
  const figures = useFigures();
  const formats: Record<string, string> = routes.formats;
  const size = body_max_bytes === undefined ? [] : [routes.bodyMax(figures.bytes(body_max_bytes))];
  return <>{[formats[format] ?? format, ...size].join(", ")}</>;
}

function Change({ stage }: { stage: Stage }) {
  return changeOf(stage, useWords().routes);
}

/** What a stage does to a body, in words. */
export function changeOf(stage: Stage, words: ConsoleWords["routes"]): string {
  return "json-to-xml" in stage
    ? words.jsonToXml(stage["json-to-xml"].schema)
    : words.xmlToJson(stage["xml-to-json"].schema);
}

function Retry({ route: { to, retry, timeout_ms } }: { route: Route }) {
  const { routes } = useWords();
  const figures = useFigures();
  const retries: Record<string, string> = routes.retries;
  const ofTarget = "queue" in to ? routes.channelRetries : "saga" in to ? routes.sagaRetries : undefined;
  const how = ofTarget ?? retries[retry] ?? retry;
  const patience = timeout_ms === undefined ? [] : [routes.timeout(figures.ms(timeout_ms))];
  return <>{[how, ...patience].join("; ")}</>;
}

function To({ route }: { route: Route }) {
  const { targets } = useWords().routes;
  const words: Record<string, string> = targets;
  const { kind, name } = targetOf(route);
  const { to } = route;
  return (
    <>
      <b>{words[kind] ?? kind}</b>
      {"gather" in to ? (
        <ul>
          {to.gather.map((part) => (
            <li key={part.name}>{part.from}</li>
          ))}
        </ul>
      ) : (
        <p>{name}</p>
      )}
    </>
  );
}
