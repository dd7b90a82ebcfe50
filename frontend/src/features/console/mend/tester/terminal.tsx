import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { CopyButton } from "../../kit/copy";
import { useFigures } from "../../kit/figures";
import { useWords } from "../../kit/words";
import { type Kind, languageOf, pieces, prettyXml } from "../../schema/highlight";
import { isObject, parsed, pretty } from "../../schema/json";
import { type Answer, traceOf } from "./send";
import type { Exchange } from "./use-exchanges";

/** The request as it went out and what came back, as a terminal shows it: dark, whatever is around it. */
export function Terminal({ exchange, isSending }: { exchange: Exchange | null; isSending: boolean }) {
  const { tester } = useWords();
  return (
    <section
      aria-label={tester.terminal}
      className="terminal min-w-0 rounded-2xl border border-line font-mono text-[0.8125rem] leading-relaxed"
    >
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-1.5 font-sans">
        <h2 className="font-sans! font-semibold! text-sm tracking-normal!">{tester.terminal}</h2>
        {exchange !== null && (
          <span className="inline-flex items-center gap-1 text-soft">
            {tester.asCurl} <CopyButton text={exchange.curl} of="curl" />
          </span>
        )}
      </header>
      <div className="grid gap-3 p-4">
        {exchange === null ? <p className="text-soft">{tester.nothingSent}</p> : <Sent exchange={exchange} />}
        {exchange?.answer !== null && exchange !== null && <StatusLine answer={exchange.answer} />}
        <div role="status">
          {/* The rest of its line changes with each piece of a stream: nobody wants that read out. */}
          {exchange?.answer !== null && exchange !== null && <span className="sr-only">{saidOf(exchange.answer)}</span>}
          {exchange !== null && isSending && exchange.answer === null && <p className="text-soft">{tester.waiting}</p>}
          {exchange?.failure !== null && exchange !== null && (
            <p className="text-danger">{exchange.failure === "stopped" ? tester.stopped : exchange.failure}</p>
          )}
        </div>
        {exchange?.answer !== null && exchange !== null && <Came exchange={exchange} answer={exchange.answer} />}
      </div>
    </section>
  );
}

function Sent({ exchange: { prepared } }: { exchange: Exchange }) {
  const { tester } = useWords();
  return (
    <div className="grid min-w-0 gap-1">
      <p className="font-semibold [overflow-wrap:anywhere]">
        <span className="text-clay">{prepared.method}</span> {prepared.path}
      </p>
      <Headers name={tester.requestHeaders} headers={Object.entries(prepared.headers)} />
      {prepared.body !== null && prepared.body !== "" && (
        <details>
          <summary className="min-h-6 cursor-pointer text-soft">{tester.body}</summary>
          <Code text={prepared.body} type={prepared.headers["Content-Type"] ?? ""} />
        </details>
      )}
    </div>
  );
}

function saidOf({ status, statusText }: Answer): string {
  return `${status} ${statusText}`.trim();
}

function StatusLine({ answer }: { answer: Answer }) {
  const { tester } = useWords();
  const figures = useFigures();
  const tone = answer.status < 300 ? "text-accent" : answer.status < 500 ? "text-warn" : "text-danger";
  return (
    <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-line border-t pt-3">
      <span className={clsx("font-semibold text-base", tone)}>{saidOf(answer)}</span>
      <span className="text-soft">{figures.ms(answer.elapsedMs)}</span>
      <span className="text-soft">{figures.bytes(answer.bytes)}</span>
      {answer.isOpen && <span className="text-soft">{tester.open}</span>}
    </p>
  );
}

function Came({ exchange, answer }: { exchange: Exchange; answer: Answer }) {
  const { tester } = useWords();
  const { requestId, traceId } = traceOf(exchange.envelope ?? answer);
  const type = answer.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  return (
    <div className="grid min-w-0 gap-2">
      {requestId !== undefined && (
        <p className="font-sans">
          <Link to={`/console/messages?request_id=${encodeURIComponent(requestId)}`} className="link">
            {tester.trace}
          </Link>
        </p>
      )}
      {traceId !== undefined && (
        <p className="flex flex-wrap items-center gap-1">
          <span className="font-sans text-soft">{tester.traceId}</span>
          <span className="[overflow-wrap:anywhere]">{traceId}</span>
          <CopyButton text={traceId} of={tester.traceId} />
        </p>
      )}
      <Headers name={tester.answerHeaders} headers={answer.headers} />
      {answer.isCut && <p className="font-sans text-soft">{tester.onlyEnd}</p>}
      <Problem body={answer.body} />
      {answer.body === "" ? <p className="text-soft">{tester.noBody}</p> : <Code text={answer.body} type={type} />}
    </div>
  );
}

/** A problem in words, above the document that it is. */
function Problem({ body }: { body: string }) {
  const told = parsed(body);
  if (!isObject(told) || typeof told.title !== "string" || typeof told.detail !== "string" || !("type" in told)) {
    return null;
  }
  const errors = Array.isArray(told.errors) ? told.errors.filter(isObject) : [];
  return (
    <div className="grid gap-1 rounded-lg bg-danger-soft p-3 font-sans text-ink">
      <p>
        <b>{told.title}</b>: {told.detail}
      </p>
      {errors.map(({ pointer, detail }) => (
        <p key={String(pointer)}>
          <code>{String(pointer)}</code> {String(detail)}
        </p>
      ))}
    </div>
  );
}

function Headers({ name, headers }: { name: string; headers: [string, string][] }) {
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-soft">
        {name} ({headers.length})
      </summary>
      <ul className="[overflow-wrap:anywhere]">
        {headers.map(([key, value]) => (
          <li key={key}>
            <span className="text-accent">{key}</span>: {value}
          </li>
        ))}
      </ul>
    </details>
  );
}

const COLOURS: Record<Kind, string> = {
  name: "text-accent",
  text: "text-ink",
  number: "text-warn",
  word: "text-clay",
  mark: "text-soft",
  plain: "",
};

function Code({ text, type }: { text: string; type: string }): ReactNode {
  const { tester } = useWords();
  const language = languageOf(type, text);
  const shown = language === "json" ? pretty(text) : language === "xml" ? prettyXml(text) : text;
  return (
    <div className="relative">
      <div className="absolute top-0 right-0">
        <CopyButton text={text} of={tester.body} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} className="max-h-[60vh] overflow-auto whitespace-pre-wrap pr-9 [overflow-wrap:anywhere]">
        {pieces(shown, language).map(({ kind, text: piece }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
          <span key={index} className={COLOURS[kind]}>
            {piece}
          </span>
        ))}
      </pre>
    </div>
  );
}
