import { useEffect, useRef, useState } from "react";
import { BASE } from "../../../../shared/api/client";
import { session } from "../../../../shared/session/session";
import type { Api } from "../../schema/document";
import { curl, type Draft, isMessage, type Prepared, prepare } from "./request";
import { type Answer, type Identity, replyOf, sendRaw, tokenOf } from "./send";

/** What was sent, and what came of it. */
export interface Exchange {
  number: number;
  at: number;
  /** What it is called in the history. */
  title: string;
  prepared: Prepared;
  curl: string;
  answer: Answer | null;
  /** The answer to a message's publishing, where the reply is shown in its place. */
  envelope: Answer | null;
  /** Why there is no answer. */
  failure: string | null;
}

const KEPT_MAX = 50;

/** What was sent since the page was opened; nothing of it is kept elsewhere. */
export function useExchanges() {
  const [past, setPast] = useState<Exchange[]>([]);
  const [shownNumber, show] = useState(0);
  const [isSending, setSending] = useState(false);
  const sending = useRef<AbortController | null>(null);
  const counted = useRef(0);
  // Who leaves the screen waits for nothing any more; a stream would go on for ever.
  useEffect(() => () => sending.current?.abort(), []);
  const put = (exchange: Exchange) =>
    setPast((known) => [exchange, ...known.filter(({ number }) => number !== exchange.number)].slice(0, KEPT_MAX));
  const send = async (api: Api, draft: Draft, identity: Identity) => {
    sending.current?.abort();
    const control = new AbortController();
    sending.current = control;
    setSending(true);
    counted.current += 1;
    let exchange = opened(counted.current, api, draft, identity);
    const change = (more: Partial<Exchange>) => {
      exchange = { ...exchange, ...more };
      put(exchange);
    };
    change({});
    show(exchange.number);
    try {
      change(await exchanged(exchange.prepared, draft, identity, { control, tell: (answer) => change({ answer }) }));
    } catch (error) {
      change({ failure: control.signal.aborted ? "stopped" : String(error) });
    } finally {
      // One that was stopped by the next is not the one that is waited for.
      if (sending.current === control) {
        setSending(false);
      }
    }
  };
  const shown = past.find(({ number }) => number === shownNumber) ?? null;
  return { past, shown, show, isSending, send, stop: () => sending.current?.abort() };
}

function opened(number: number, api: Api, draft: Draft, identity: Identity): Exchange {
  const prepared = prepare(api, draft);
  const isByMessage = isMessage(draft.way);
  const title = isByMessage ? `AMQP ${draft.routingKey}` : `${prepared.method} ${prepared.path}`;
  const line = curl(prepared, `${location.origin}${BASE}`, identity.kind === "nobody" && !isByMessage);
  return { number, at: Date.now(), title, prepared, curl: line, answer: null, envelope: null, failure: null };
}

interface Watching {
  control: AbortController;
  tell: (answer: Answer) => void;
}

async function exchanged(prepared: Prepared, draft: Draft, identity: Identity, { control, tell }: Watching) {
  const { signal } = control;
  // Publishing is an operator's; the message itself is nobody's.
  const who: Identity = isMessage(draft.way) ? { kind: "me" } : identity;
  let token: string | null = null;
  if (who.kind === "me") {
    token = await session.token();
  } else if (who.kind !== "nobody") {
    const told = await tokenOf(who, signal);
    if ("refused" in told) {
      return { answer: told.refused };
    }
    token = told.token;
  }
  const answer = await sendRaw(prepared, { token, signal, tell });
  return isMessage(draft.way) ? { answer: replyOf(answer), envelope: answer } : { answer };
}
