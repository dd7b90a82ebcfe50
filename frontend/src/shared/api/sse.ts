import { BASE, send } from "./client";

export interface ServerEvent {
  id: string;
  type: string;
  data: string;
}

const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 15_000;

/** Takes a stream's text in pieces, cut anywhere, and gives its events. */
export function eventParser(tell: (event: ServerEvent) => void): (piece: string) => void {
  let rest = "";
  let event: ServerEvent = { id: "", type: "message", data: "" };
  const line = (text: string) => {
    if (text === "") {
      if (event.data !== "") {
        tell(event);
      }
      event = { id: event.id, type: "message", data: "" };
      return;
    }
    const colon = text.indexOf(":");
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    event = withField(event, name, value);
  };
  return (piece) => {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
}

function withField(event: ServerEvent, name: string, value: string): ServerEvent {
  switch (name) {
    case "id":
      return { ...event, id: value };
    case "event":
      return { ...event, type: value };
    case "data":
      return { ...event, data: event.data === "" ? value : `${event.data}\n${value}` };
    default:
      return event;
  }
}

/** How a stream stands: it is asked for, it is read, it broke off and is asked for again soon, it was refused. */
export type Standing = "connecting" | "open" | "broken" | "refused";

interface Following {
  signal: AbortSignal;
  /** Called whenever that changes. */
  stands?: (standing: Standing) => void;
}

/** Reads a stream until `signal` ends it; one that breaks off is taken up again where it was. */
export async function follow(
  path: string,
  tell: (event: ServerEvent) => void,
  { signal, stands = () => {} }: Following,
): Promise<void> {
  let last = "";
  let pause = PAUSE_FIRST_MS;
  const hear = (event: ServerEvent) => {
    last = event.id;
    pause = PAUSE_FIRST_MS;
    tell(event);
  };
  while (!signal.aborted) {
    const isOver = await readOnce(path, { last, hear, signal, open: () => stands("open") }).catch(() => false);
    if (signal.aborted) {
      return;
    }
    stands(isOver ? "refused" : "broken");
    if (isOver) {
      return;
    }
    await wait(pause, signal);
    pause = Math.min(pause * 2, PAUSE_MAX_MS);
  }
}

interface Reading {
  last: string;
  hear: (event: ServerEvent) => void;
  signal: AbortSignal;
  open: () => void;
}

/** Whether there is no use in coming back. */
async function readOnce(path: string, { last, hear, signal, open }: Reading): Promise<boolean> {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (last !== "") {
    headers["Last-Event-ID"] = last;
  }
  const response = await send(new Request(`${location.origin}${BASE}${path}`, { headers, signal }));
  if (!response.ok || response.body === null) {
    return response.status >= 400 && response.status < 500 && response.status !== 429;
  }
  open();
  const parse = eventParser(hear);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parse(piece.value);
  }
  return false;
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
