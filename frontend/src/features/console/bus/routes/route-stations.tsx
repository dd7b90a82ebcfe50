import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { useFigures } from "../../kit/figures";
import { useWords } from "../../kit/words";
import type { Passing } from "./figures";
import { PLACES, type Plan } from "./plan";
import { changeOf } from "./route-flow";

type Placed = Plan["stations"][number];

interface Props {
  station: Placed;
  isLit: boolean;
  passing: Passing | null;
  /** It is pointed at, or no more. */
  onPoint: (id: string | null) => void;
}

/** Something that messages pass: routes lead to their screens, all else can be held to see what leads through it. */
export function RouteStation({ station, isLit, passing, onPoint }: Props) {
  const { id, about, y } = station;
  const { x, width, height } = PLACES[about.column];
  const look = clsx(
    "absolute rounded-lg border text-left hover:bg-sunken",
    isLit ? "border-accent bg-accent-soft" : "border-line bg-surface",
  );
  const shared = {
    className: look,
    style: { left: `${x / 10}%`, top: y, width: `${width / 10}%`, height },
    onPointerEnter: () => onPoint(id),
    onPointerLeave: () => onPoint(null),
    onFocus: () => onPoint(id),
    onBlur: () => onPoint(null),
  };
  return about.column === "route" ? (
    <Link to={`/console/routes/${about.route.name}`} {...shared}>
      <span className="flex h-full items-center justify-between gap-2 px-2 text-xs">
        <span className="truncate font-semibold" title={about.route.name}>
          {about.route.name}
        </span>
        <Rate of={passing} />
      </span>
    </Link>
  ) : (
    <Held station={station} shared={shared}>
      <Content of={station} passing={passing} />
    </Held>
  );
}

interface HeldProps {
  station: Placed;
  shared: object;
  children: ReactNode;
}

function Held({ station: { id }, shared, children }: HeldProps) {
  const [params, setParams] = useSearchParams();
  const isHeld = params.get("at") === id;
  const hold = () =>
    setParams(
      (now) => {
        isHeld ? now.delete("at") : now.set("at", id);
        return now;
      },
      { replace: true },
    );
  return (
    <button type="button" aria-pressed={isHeld} onClick={hold} {...shared}>
      <span className={clsx("grid h-full content-center gap-px px-2 text-xs leading-snug", isHeld && "font-semibold")}>
        {children}
      </span>
    </button>
  );
}

function Content({ of: { about, routes }, passing }: { of: Placed; passing: Passing | null }) {
  const words = useWords().routes;
  const kinds: Record<string, string> = words.targets;
  switch (about.column) {
    case "door":
      return (
        <>
          <b>{words.doors[about.door]}</b>
          <Count of={routes} />
        </>
      );
    case "policy":
      return (
        <>
          <Name>{about.allow.map((one) => (one === "anyone" ? words.anyone : one)).join(", ")}</Name>
          <span className="truncate text-soft">{words.rate(about.rate)}</span>
          <Sum of={routes} passing={passing} />
        </>
      );
    case "change":
      return (
        <>
          <Name>
            {about.via.length === 0
              ? (words.graph.formats as Record<string, string>)[about.format]
              : about.via.map((stage) => changeOf(stage, words)).join(", ")}
          </Name>
          <Sum of={routes} passing={passing} />
        </>
      );
    case "target":
      return (
        <>
          <span className="line-clamp-2 text-soft">{kinds[about.kind] ?? about.kind}</span>
          <Name>{about.name}</Name>
          <Sum of={routes} passing={passing} />
        </>
      );
    case "route":
      return null;
    default:
      return about satisfies never;
  }
}

function Name({ children }: { children: ReactNode }) {
  return <b className="line-clamp-2 [overflow-wrap:anywhere]">{children}</b>;
}

function Count({ of }: { of: string[] }) {
  const { graph } = useWords().routes;
  return <span className="whitespace-nowrap text-soft">{graph.count(of.length)}</span>;
}

function Sum({ of, passing }: { of: string[]; passing: Passing | null }) {
  return (
    <span className="flex flex-wrap justify-between gap-x-2">
      <Count of={of} />
      <Rate of={passing} />
    </span>
  );
}

/** How much passes now; whether some of it failed lately. */
function Rate({ of }: { of: Passing | null }) {
  const { graph } = useWords().routes;
  const figures = useFigures();
  if (of === null) {
    return <span className="text-soft">…</span>;
  }
  return (
    <span className="flex shrink-0 gap-1.5 tabular-nums">
      {of.failed > 0 && <b className="text-danger">{graph.failed(figures.count(of.failed))}</b>}
      <span className={of.rate === 0 ? "text-soft" : "font-semibold text-accent-strong"}>{figures.rate(of.rate)}</span>
    </span>
  );
}
