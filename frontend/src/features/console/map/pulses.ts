import { useState, useSyncExternalStore } from "react";
import type { ServerEvent } from "../../../shared/api/sse";
import type { Tone } from "../../../shared/ui/badge";
import { type MessageSummary, messageOf } from "../data/messages";
import { type Route, servicesOf } from "../data/routes";
import { type Way, wayId } from "../data/scene";
import { useBusStream } from "../data/stream";

/** A message on its way along a line. */
export interface Pulse {
  key: number;
  way: string;
  tone: Exclude<Tone, "calm">;
  /** Milliseconds until it sets out. */
  delay: number;
}

/** More than these at once would be a blur. */
const PULSES_MAX = 40;
const STEP_MS = 700;

const BUS = "bus:esb";

/** The lines that a message has passed, one after the other, as far as the map has them. */
export function trailOf(message: MessageSummary, route: Route | undefined, ways: Way[]): string[] {
  const queue = `queue:esb.${message.route}`;
  const isQueued = ways.some(({ id }) => id === wayId(queue, BUS));
  const inbound = isQueued ? queue : "group:requests";
  const exchange = ways.find(({ to }) => to === inbound)?.from ?? "exchange:esb_exchange";
  const arrival: Record<MessageSummary["door"], string[]> = {
    http: [wayId("client:http-clients", BUS)],
    soap: [wayId("client:soap-clients", BUS)],
    amqp: [wayId("client:amqp-producers", exchange), wayId(exchange, inbound), wayId(inbound, BUS)],
  };
  const services = route === undefined ? [] : servicesOf(route).map((name) => wayId(BUS, `service:${name}`));
  return [...arrival[message.door], ...services].filter((id) => ways.some((way) => way.id === id));
}

const TONES: Record<MessageSummary["outcome"], Pulse["tone"]> = {
  done: "good",
  refused: "warn",
  retried: "warn",
  failed: "bad",
  "dead-lettered": "bad",
};

interface Known {
  routes: Route[];
  ways: Way[];
}

let lastKey = 0;

/** What passes right now, to be drawn; each is taken away once it has arrived. */
export function usePulses(isOn: boolean, { routes, ways }: Known): [Pulse[], (key: number) => void] {
  const [pulses, setPulses] = useState<Pulse[]>([]);
  const hear = (events: ServerEvent[]) => {
    const news = events
      .flatMap((event) => messageOf(event) ?? [])
      .flatMap((message) => pulsesOf(message, { routes, ways }));
    setPulses((now) => [...now, ...news].slice(-PULSES_MAX));
  };
  // Else what happens to orders would take the place of messages.
  useBusStream({ isOn, hear, wants: (event) => messageOf(event) !== undefined });
  const end = (key: number) => setPulses((now) => now.filter((pulse) => pulse.key !== key));
  return [isOn ? pulses : [], end];
}

function pulsesOf(message: MessageSummary, { routes, ways }: Known): Pulse[] {
  const route = routes.find(({ name }) => name === message.route);
  return trailOf(message, route, ways).map((way, step) => {
    lastKey += 1;
    return { key: lastKey, way, tone: TONES[message.outcome], delay: step * STEP_MS };
  });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the reader's system asks for less motion. */
export function useCalm(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const query = calm();
      query.addEventListener("change", tell);
      return () => query.removeEventListener("change", tell);
    },
    () => calm().matches,
  );
}
