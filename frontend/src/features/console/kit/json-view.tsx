import { useMemo } from "react";
import { CopyButton } from "./copy";
import { useWords } from "./words";

interface Props {
  value: unknown;
  /** So many levels are open at first. */
  open?: number;
}

/** Any value as JSON, whose inner parts fold. */
export function JsonView({ value, open = 2 }: Props) {
  const { kit } = useWords();
  return (
    <div className="relative rounded-xl bg-sunken p-3 pr-10 font-mono text-[0.8125rem] leading-relaxed [overflow-wrap:anywhere]">
      <div className="absolute top-2 right-2">
        <CopyButton text={JSON.stringify(value, null, 2)} of="JSON" />
      </div>
      {value === undefined ? <span className="text-soft">{kit.empty}</span> : <Value value={value} open={open} />}
    </div>
  );
}

function Value({ value, open, name }: { value: unknown; open: number; name?: string }) {
  const label = name === undefined ? null : <span className="text-accent-strong">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div>
        {label}
        <Plain value={value} />
      </div>
    );
  }
  return <Fold value={value} levels={open} name={name ?? ""} />;
}

function Fold({ value, levels, name }: { value: object; levels: number; name: string }) {
  const { kit } = useWords();
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const label = name === "" ? "" : `${name}: `;
  if (entries.length === 0) {
    return (
      <div>
        <span className="text-accent-strong">{label}</span>
        {`${open}${close}`}
      </div>
    );
  }
  return (
    <details open={levels > 0}>
      <summary className="min-h-6 cursor-pointer">
        <span className="text-accent-strong">{label}</span>
        {open} <span className="font-sans text-soft text-xs">{kit.items(entries.length)}</span> {close}
      </summary>
      <div className="ml-1.5 border-line border-l pl-4">
        {entries.map(([key, inner]) => (
          <Value key={key} name={key} value={inner} open={levels - 1} />
        ))}
      </div>
    </details>
  );
}

function Plain({ value }: { value: unknown }) {
  const look = typeof value === "string" ? "text-ink" : "text-warn";
  return <span className={look}>{JSON.stringify(value)}</span>;
}

/** A body as its kind is read best: JSON folds, XML is set in lines, the rest stays as it is. */
export function BodyView({ text }: { text: string }) {
  const json = useMemo(() => parsed(text), [text]);
  return json === undefined ? (
    <TextView text={looksLikeXml(text) ? indentXml(text) : text} />
  ) : (
    <JsonView value={json} />
  );
}

export function TextView({ text }: { text: string }) {
  const { kit } = useWords();
  return (
    <div className="relative rounded-xl bg-sunken p-3 pr-10">
      <div className="absolute top-2 right-2">
        <CopyButton text={text} of={kit.copy} />
      </div>
      <pre className="whitespace-pre-wrap font-mono text-[0.8125rem] leading-relaxed [overflow-wrap:anywhere]">
        {text === "" ? kit.empty : text}
      </pre>
    </div>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function looksLikeXml(text: string): boolean {
  return /^\s*<[?\w]/.test(text);
}

/** One element a line, deeper ones further in; text stays beside its element. */
export function indentXml(xml: string): string {
  let depth = 0;
  const lines = xml.replace(/>\s*</g, ">\n<").split("\n");
  return lines
    .map((line) => {
      const isEnd = /^<\//.test(line);
      depth -= isEnd ? 1 : 0;
      const indented = "  ".repeat(Math.max(0, depth)) + line;
      const opens = /^<[^/?!]/.test(line) && !/\/>$/.test(line) && !/<\/[^>]+>$/.test(line);
      depth += opens ? 1 : 0;
      return indented;
    })
    .join("\n");
}
