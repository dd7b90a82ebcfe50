import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, told } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";
import type { ServerEvent } from "../../../shared/api/sse";

export type MessageSummary = Schemas["MessageSummary"];
export type Message = Schemas["Message"];
export type Content = Schemas["Content"];
export type Outcome = Schemas["Outcome"];
export type Door = Schemas["Door"];

export const OUTCOMES: Outcome[] = ["done", "refused", "failed", "retried", "dead-lettered"];
export const DOORS: Door[] = ["http", "amqp", "soap"];
const PAGE = 50;

export interface MessageFilter {
  route?: string;
  door?: Door;
  outcome?: Outcome;
  status?: number;
  text?: string;
  request_id?: string;
  trace_id?: string;
}

export const FILTERS = ["route", "door", "outcome", "status", "text", "request_id", "trace_id"] as const;

/** Whether it is a status such as 404. */
export function isStatus(text: string): boolean {
  return /^[1-5]\d\d$/.test(text);
}

/** What an address says is looked for; what it says wrongly is not. */
export function messageFilter(said: Partial<Record<(typeof FILTERS)[number], string>>): MessageFilter {
  const { route, text, request_id, trace_id } = said;
  const door = DOORS.find((one) => one === said.door);
  const outcome = OUTCOMES.find((one) => one === said.outcome);
  return {
    ...(route !== undefined && { route }),
    ...(door !== undefined && { door }),
    ...(outcome !== undefined && { outcome }),
    ...(said.status !== undefined && isStatus(said.status) && { status: Number(said.status) }),
    ...(text !== undefined && { text }),
    ...(request_id !== undefined && { request_id }),
    ...(trace_id !== undefined && { trace_id }),
  };
}

/** What has passed the bus, the newest first. */
export function messagesQuery(filter: MessageFilter) {
  return infiniteQueryOptions({
    queryKey: ["console", "messages", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return told(api.GET("/esb/messages", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}

export function messageQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "message", id],
    queryFn: ({ signal }) => told(api.GET("/esb/messages/{id}", { params: { path: { id } }, signal })),
  });
}

/** The message that an event of `/esb/stream` tells of. */
export function messageOf({ type, data }: ServerEvent): MessageSummary | undefined {
  if (type !== "message") {
    return undefined;
  }
  try {
    return JSON.parse(data) as MessageSummary;
  } catch {
    return undefined;
  }
}

/** Whether a message that passes is among those looked for, as far as its summary tells. */
export function fits(message: MessageSummary, filter: MessageFilter): boolean {
  const text = filter.text?.toLowerCase() ?? "";
  const said = `${message.operation} ${message.caller ?? ""}`.toLowerCase();
  const isAsked = (["route", "door", "outcome", "status", "request_id", "trace_id"] as const).every(
    (name) => filter[name] === undefined || filter[name] === message[name],
  );
  return isAsked && said.includes(text);
}
