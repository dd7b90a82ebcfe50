import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useWords } from "./words";

const SHOWN_MS = 2_000;

/** Puts a text where it can be pasted from; `of` says what it is, to those who can't see it beside. */
export function CopyButton({ text, of }: { text: string; of: string }) {
  const { kit } = useWords();
  const [isDone, setDone] = useState(false);
  const Sign = isDone ? Check : Copy;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      aria-label={isDone ? kit.copied : kit.copyOf(of)}
      title={isDone ? kit.copied : kit.copy}
      className="inline-grid size-7 shrink-0 place-items-center rounded-md text-soft hover:bg-sunken hover:text-ink"
      onClick={() => void copy()}
    >
      <Sign size={14} aria-hidden />
    </button>
  );
}

interface Props {
  id: string;
  /** What it is the id of. */
  of: string;
  to?: string;
  /** Its end alone, where there is little room. */
  isShort?: boolean;
}

/** An id that can be taken along, and followed where there is something behind it. */
export function CopyId({ id, of, to, isShort = false }: Props) {
  const shown = isShort && id.length > 12 ? `…${id.slice(-8)}` : id;
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-0.5 font-mono text-[0.8125rem]">
      {to === undefined ? (
        <span title={id} className="[overflow-wrap:anywhere]">
          {shown}
        </span>
      ) : (
        <Link to={to} title={id} className="link [overflow-wrap:anywhere]">
          {shown}
        </Link>
      )}
      <CopyButton text={id} of={of} />
    </span>
  );
}
