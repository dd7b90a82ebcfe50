import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, told, versionOf } from "../../../shared/api/client";
import type { Schemas } from "../../../shared/api/problem";
import { after, following } from "./pages";

export type DeadLetter = Schemas["DeadLetter"];
export type LetterState = Schemas["LetterState"];
export type LetterGroup = Schemas["Group"];
export type Replay = Schemas["Replay"];
export type NewReplay = Schemas["NewReplay"];
export type Preview = Schemas["Preview"];
export type AuditEntry = Schemas["AuditEntry"];

export const LETTER_STATES: LetterState[] = ["waiting", "replaying", "replayed", "discarded"];

export interface LetterFilter {
  state?: LetterState;
  route?: string;
  reason?: string;
  text?: string;
  from?: string;
  to?: string;
}

export function lettersQuery(filter: LetterFilter) {
  return infiniteQueryOptions({
    queryKey: ["console", "letters", filter],
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/esb/dead-letters", { params: { query: { ...filter, limit: 50, ...after(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: following,
  });
}

/** A page of them, as long as pages may be. */
export function lettersPage(filter: LetterFilter, cursor: string | null, signal: AbortSignal) {
  return told(api.GET("/esb/dead-letters", { params: { query: { ...filter, limit: 100, ...after(cursor) } }, signal }));
}

export const letterSummaryQuery = queryOptions({
  queryKey: ["console", "letters", "summary"],
  queryFn: ({ signal }) => told(api.GET("/esb/dead-letters/summary", { signal })),
});

/** A dead letter, and which version of it was read. */
export function letterQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "letter", id],
    queryFn: async ({ signal }) => {
      const asked = api.GET("/esb/dead-letters/{id}", { params: { path: { id } }, signal });
      const letter = await told(asked);
      return { letter, version: versionOf((await asked).response) };
    },
  });
}

/** With the whole of its body. */
export function readLetter(id: string, signal: AbortSignal): Promise<DeadLetter> {
  return told(api.GET("/esb/dead-letters/{id}", { params: { path: { id } }, signal }));
}

export function letterAuditQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "letter", id, "audit"],
    queryFn: ({ signal }) =>
      told(api.GET("/esb/dead-letters/{id}/audit", { params: { path: { id }, query: { limit: 100 } }, signal })),
  });
}

export function editLetter(id: string, version: string | null, body: string): Promise<DeadLetter> {
  const header = version === null ? {} : { "If-Match": version };
  const params = { path: { id }, header };
  return told(api.PATCH("/esb/dead-letters/{id}", { params, body: { body, body_encoding: "utf-8" } }));
}

export function replayLetter(id: string): Promise<DeadLetter> {
  return told(api.POST("/esb/dead-letters/{id}/replay", { params: { path: { id } } }));
}

export function discardLetter(id: string, reason: string): Promise<DeadLetter> {
  const body = reason === "" ? {} : { reason };
  return told(api.POST("/esb/dead-letters/{id}/discard", { params: { path: { id } }, body }));
}

/** What a replay would do. */
export function previewQuery(wanted: NewReplay) {
  return queryOptions({
    queryKey: ["console", "preview", wanted],
    // How many there are may change while one thinks.
    staleTime: 0,
    queryFn: async ({ signal }) =>
      (await told(api.POST("/esb/replays", { body: { ...wanted, dry_run: true }, signal }))) as Preview,
  });
}

export async function startReplay(wanted: NewReplay): Promise<Replay> {
  return (await told(api.POST("/esb/replays", { body: wanted }))) as Replay;
}

export const replaysQuery = infiniteQueryOptions({
  queryKey: ["console", "replays"],
  queryFn: ({ pageParam, signal }) =>
    told(api.GET("/esb/replays", { params: { query: { limit: 5, ...after(pageParam) } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: following,
});

/** Who began, paused, resumed or stopped it. */
export function replayAuditQuery(id: string) {
  return queryOptions({
    queryKey: ["console", "replays", id, "audit"],
    queryFn: ({ signal }) =>
      told(api.GET("/esb/replays/{id}/audit", { params: { path: { id }, query: { limit: 100 } }, signal })),
  });
}

export type Turn = "pause" | "resume" | "cancel";

export function turnReplay(id: string, turn: Turn): Promise<Replay> {
  const params = { params: { path: { id } } };
  switch (turn) {
    case "pause":
      return told(api.POST("/esb/replays/{id}/pause", params));
    case "resume":
      return told(api.POST("/esb/replays/{id}/resume", params));
    case "cancel":
      return told(api.POST("/esb/replays/{id}/cancel", params));
    default:
      return turn satisfies never;
  }
}
