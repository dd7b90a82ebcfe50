import { useEffect, useEffectEvent, useState } from "react";
import { follow, type ServerEvent, type Standing } from "../../../shared/api/sse";
import type { Outcome } from "./messages";

/** So often what has come is handed on: a busy bus tells more than a screen can draw. */
const HAND_ON_MS = 500;
/** What comes faster is left out; nobody can read it. */
const HELD_MAX = 200;

interface Wanted {
  isOn: boolean;
  /** What the bus itself can leave out. */
  route?: string | undefined;
  outcome?: Outcome | undefined;
  hear: (events: ServerEvent[]) => void;
  /** What of the rest is worth holding. */
  wants?: (event: ServerEvent) => boolean;
}

export interface Hearing {
  standing: Standing;
  /** How many passed that could not be told. */
  missed: number;
}

const BEGINNING: Hearing = { standing: "connecting", missed: 0 };

/** What passes the bus, as it passes, a few times a second; nothing while `isOn` is false. */
export function useBusStream({ isOn, route, outcome, hear, wants = () => true }: Wanted): Hearing {
  const [hearing, setHearing] = useState(BEGINNING);
  const tell = useEffectEvent(hear);
  const isWanted = useEffectEvent(wants);
  const path = pathOf({ route, outcome });
  // The stream is a connection, which has a beginning and an end.
  useEffect(() => {
    if (!isOn) {
      return;
    }
    setHearing(BEGINNING);
    let held: ServerEvent[] = [];
    let missed = 0;
    const take = (event: ServerEvent) => {
      if (event.type === "lagged") {
        missed += missedBy(event);
      } else if (isWanted(event)) {
        held.push(event);
      }
      if (held.length > HELD_MAX) {
        held.shift();
        missed += 1;
      }
    };
    const end = new AbortController();
    const stands = (standing: Standing) => setHearing((now) => ({ ...now, standing }));
    void follow(path, take, { signal: end.signal, stands });
    const timer = setInterval(() => {
      setHearing((now) => (now.missed === missed ? now : { ...now, missed }));
      if (held.length > 0) {
        tell(held);
        held = [];
      }
    }, HAND_ON_MS);
    return () => {
      end.abort();
      clearInterval(timer);
    };
  }, [isOn, path]);
  return hearing;
}

function pathOf({ route, outcome }: Pick<Wanted, "route" | "outcome">): string {
  const said = { ...(route === undefined ? {} : { route }), ...(outcome === undefined ? {} : { outcome }) };
  const query = new URLSearchParams(said).toString();
  return query === "" ? "/esb/stream" : `/esb/stream?${query}`;
}

/** Of an event `lagged`: how many it stands for. */
export function missedBy({ data }: Pick<ServerEvent, "data">): number {
  try {
    const { missed } = JSON.parse(data) as { missed?: unknown };
    return typeof missed === "number" ? missed : 1;
  } catch {
    return 1;
  }
}
