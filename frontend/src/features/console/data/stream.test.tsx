import { renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { ServerEvent } from "../../../shared/api/sse";
import { at, server } from "../../../testing/server";
import { useBusStream } from "./stream";

const STREAM = { headers: { "Content-Type": "text/event-stream" } };

/** An open stream that has said this much so far. */
function saying(text: string): HttpResponse<ReadableStream> {
  const body = new ReadableStream({ start: (control) => control.enqueue(new TextEncoder().encode(text)) });
  return new HttpResponse(body, STREAM);
}

function event(id: number, kind: string): string {
  return `event: message\nid: ${id}\ndata: ${kind}\n\n`;
}

test("what does not fit takes no place from what does, and what was missed is counted", async () => {
  const many = Array.from({ length: 300 }, (_, id) => event(id, "other")).join("");
  server.use(
    http.get(at("/esb/stream"), ({ request }) => {
      const isFiltered = new URL(request.url).search === "?route=place-order&outcome=failed";
      return isFiltered
        ? saying(`${many}${event(300, "mine")}event: lagged\ndata: {"missed":6}\n\n`)
        : new HttpResponse(null, { status: 422 });
    }),
  );
  const heard: ServerEvent[] = [];
  const { result, unmount } = renderHook(() =>
    useBusStream({
      isOn: true,
      route: "place-order",
      outcome: "failed",
      hear: (events) => heard.push(...events),
      wants: ({ data }) => data === "mine",
    }),
  );
  expect(result.current.standing).toBe("connecting");
  await waitFor(() => expect(heard.map(({ data }) => data)).toEqual(["mine"]), { timeout: 30_000 });
  await waitFor(() => expect(result.current).toEqual({ standing: "open", missed: 6 }), { timeout: 30_000 });
  unmount();
});

test("a stream that is refused says so", async () => {
  server.use(http.get(at("/esb/stream"), () => new HttpResponse(null, { status: 403 })));
  const { result } = renderHook(() => useBusStream({ isOn: true, hear: () => {} }));
  await waitFor(() => expect(result.current.standing).toBe("refused"), { timeout: 30_000 });
});
