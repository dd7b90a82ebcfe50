import { useEffect, useEffectEvent } from "react";
import { follow, type ServerEvent } from "../../../shared/api/sse";

/** So often what has come is handed on: a busy bus tells more than a screen can draw. */
const HAND_ON_MS = 500;
/** What comes faster is left out; nobody can read it. */
const HELD_MAX = 200;

/** What passes the bus, as it passes, a few times a second; nothing while `isOn` is false. */
export function useBusStream(isOn: boolean, hear: (events: ServerEvent[]) => void): void {
  const tell = useEffectEvent(hear);
  // The stream is a connection, which has a beginning and an end.
  useEffect(() => {
    if (!isOn) {
      return;
    }
    let held: ServerEvent[] = [];
    const end = new AbortController();
    void follow("/esb/stream", (event) => held.length < HELD_MAX && held.push(event), end.signal);
    const timer = setInterval(() => {
      if (held.length > 0) {
        tell(held);
        held = [];
      }
    }, HAND_ON_MS);
    return () => {
      end.abort();
      clearInterval(timer);
    };
  }, [isOn]);
}
