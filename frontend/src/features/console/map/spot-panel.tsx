import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { failing, type Scene, type Spot } from "../data/scene";
import { useFigures } from "../kit/figures";
import { Facts, Panel } from "../kit/panel";
import { StateBadge } from "../kit/state-badge";
import { useWords } from "../kit/words";
import { nameOf } from "./looks";

interface Props {
  spot: Spot;
  scene: Scene;
  onClose: () => void;
}

/** All that is known of one on the map, and where more is. */
export function SpotPanel({ spot, scene, onClose }: Props) {
  const words = useWords();
  const { map } = words;
  const frame = useRef<HTMLDivElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  // Who opened it by keyboard goes on from here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for everybody that is looked at
  useEffect(() => {
    if (document.activeElement !== close.current) {
      opener.current = document.activeElement;
    }
    close.current?.focus({ preventScroll: true });
    frame.current?.scrollIntoView({ block: "nearest" });
  }, [spot.id]);
  return (
    <Panel
      title={nameOf(spot, words)}
      actions={
        <button
          ref={close}
          type="button"
          aria-label={map.close}
          className="grid size-9 place-items-center rounded-lg hover:bg-sunken"
          onClick={() => {
            onClose();
            goBack(opener.current);
          }}
        >
          <X size={16} aria-hidden />
        </button>
      }
    >
      <div ref={frame} className="grid scroll-my-20 gap-4">
        <p className="text-soft">
          {spot.purpose === undefined ? map.explained[spot.kind] : map.purposes[spot.purpose]}
        </p>
        <SpotFacts spot={spot} />
        <Neighbours spot={spot} scene={scene} />
        <Links spot={spot} />
      </div>
    </Panel>
  );
}

/** To where one came from; to the heading where that is gone, or was nowhere. */
function goBack(opener: Element | null): void {
  const isThere = opener instanceof HTMLElement || opener instanceof SVGElement;
  const target = isThere && opener.isConnected && opener !== document.body ? opener : document.querySelector("h1");
  (target as HTMLElement | SVGElement | null)?.focus({ preventScroll: true });
}

function SpotFacts({ spot }: { spot: Spot }) {
  const { map } = useWords();
  const figures = useFigures();
  const { health, detail, instances, messages, consumers, members } = spot;
  const isQueue = spot.kind === "queue";
  return (
    <Facts
      facts={[
        [map.facts.health, <StateBadge key="health" state={health} />],
        [map.facts.why, detail],
        [map.facts.instances, instances],
        [map.facts.messages, isQueue && typeof messages === "number" ? figures.count(messages) : null],
        [map.facts.consumers, isQueue ? consumers : null],
        [map.holds, members.length > 1 ? <Members key="members" spot={spot} /> : null],
      ]}
    />
  );
}

function Members({ spot: { members } }: { spot: Spot }) {
  const figures = useFigures();
  return (
    <ul className="grid gap-0.5">
      {members.map(({ id, name, messages }) => (
        <li key={id} className="flex justify-between gap-3">
          <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{name}</span>
          <span className="tabular-nums">{typeof messages === "number" ? figures.count(messages) : "–"}</span>
        </li>
      ))}
    </ul>
  );
}

function Neighbours({ spot, scene: { spots, ways } }: { spot: Spot; scene: Scene }) {
  const words = useWords();
  const figures = useFigures();
  const { map } = words;
  const own = ways.filter(({ from, to }) => from === spot.id || to === spot.id);
  const named = (id: string) => {
    const other = spots.find((one) => one.id === id);
    return other === undefined ? id : nameOf(other, words);
  };
  if (own.length === 0) {
    return null;
  }
  return (
    <div>
      <h3 className="mb-1 text-base">{map.ways}</h3>
      <ul className="grid gap-1">
        {own.map((way) => (
          <li key={way.id} className="flex flex-wrap justify-between gap-x-3">
            <span>{way.from === spot.id ? `→ ${named(way.to)}` : `← ${named(way.from)}`}</span>
            {way.rate !== null && (
              <span className="text-soft tabular-nums">
                {figures.rate(way.rate)} · {figures.ms(way.p95)} · {map.failing(figures.percent(failing(way)))}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Links({ spot }: { spot: Spot }) {
  const { map } = useWords();
  const { links } = map;
  const found: [to: string, word: string][] = [];
  if (spot.kind === "service") {
    found.push([`/console/charts?of=service:${spot.name}`, links.charts], ["/console/services", links.services]);
  } else if (spot.purpose === "dead-letters") {
    found.push(["/console/dead-letters", links.letters]);
  } else if (spot.kind === "client") {
    const door = { "http-clients": "http", "soap-clients": "soap", "amqp-producers": "amqp" }[spot.name];
    found.push([door === undefined ? "/console/messages" : `/console/messages?door=${door}`, links.messages]);
  } else if (spot.kind === "bus" || spot.kind === "queue" || spot.kind === "exchange") {
    found.push(["/console/charts", links.charts], ["/console/routes", links.routes]);
  } else {
    found.push(["/console/services", links.services]);
  }
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      {found.map(([to, word]) => (
        <Link key={to} to={to} className="link">
          {word}
        </Link>
      ))}
    </p>
  );
}
