import { clsx } from "clsx";
import { RefreshCw } from "lucide-react";
import { useId } from "react";
import { useWords } from "../../../kit/words";
import { INPUT } from "../../../schema/form/schema-input";
import { type Draft, isMessage, OPTIONAL_HEADERS, type Way, waysOf } from "../request";
import { needsKey } from "../targets";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** By which door, and once under which name. */
export function WayChoice({ draft, onChange }: Props) {
  const { tester } = useWords();
  const id = useId();
  const choose = (way: Way) => onChange({ ...draft, way, text: draft.target.operation === null ? draft.text : null });
  return (
    <>
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-medium">{tester.way}</legend>
        <div className="flex flex-wrap gap-1.5">
          {waysOf(draft.target).map((way) => (
            <label
              key={way}
              className={clsx(
                "flex min-h-9 cursor-pointer items-center rounded-lg border px-3 has-focus-visible:outline-2 has-focus-visible:outline-accent",
                way === draft.way ? "border-accent bg-accent-soft font-semibold text-accent-strong" : "border-edge",
              )}
            >
              <input
                type="radio"
                name={`${id}-way`}
                className="sr-only"
                checked={way === draft.way}
                onChange={() => choose(way)}
              />
              {tester.ways[way]}
            </label>
          ))}
        </div>
      </fieldset>
      {isMessage(draft.way) && (
        <Text
          label={tester.routingKey}
          value={draft.routingKey}
          onChange={(routingKey) => onChange({ ...draft, routingKey })}
        />
      )}
      {(needsKey(draft.target, draft.way) || draft.key !== "") && <Key draft={draft} onChange={onChange} />}
      {!isMessage(draft.way) && draft.target.operation !== null && <MoreHeaders draft={draft} onChange={onChange} />}
    </>
  );
}

/** Which version is meant, or how long one waits: seldom said, and so folded away. */
function MoreHeaders({ draft, onChange }: Props) {
  const { tester } = useWords();
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-soft">{tester.moreHeaders}</summary>
      <div className="mt-2 grid gap-2 sm:grid-cols-2">
        {OPTIONAL_HEADERS.map((name) => (
          <Text
            key={name}
            label={name}
            value={draft.headers[name]}
            onChange={(value) => onChange({ ...draft, headers: { ...draft.headers, [name]: value } })}
          />
        ))}
      </div>
    </details>
  );
}

function Key({ draft, onChange }: Props) {
  const { tester } = useWords();
  return (
    <div className="flex items-end gap-2">
      <Text
        label={isMessage(draft.way) ? tester.messageId : tester.key}
        value={draft.key}
        onChange={(key) => onChange({ ...draft, key })}
      />
      <button
        type="button"
        aria-label={tester.newKey}
        title={tester.newKey}
        className="grid size-9 shrink-0 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-ink"
        onClick={() => onChange({ ...draft, key: crypto.randomUUID() })}
      >
        <RefreshCw size={15} aria-hidden />
      </button>
    </div>
  );
}

function Text({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="grid min-w-0 grow gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        className={`${INPUT} font-mono`}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}
