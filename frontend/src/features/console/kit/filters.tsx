import { X } from "lucide-react";
import { useId, useState } from "react";
import { useSearchParams } from "react-router";
import { useWords } from "./words";

export interface Filter {
  /** What the address calls it. */
  name: string;
  label: string;
  /** What can be chosen, each with its word; any text where absent. */
  options?: [value: string, word: string][];
  /** Any text, and these are proposed. */
  proposals?: string[];
  kind?: "text" | "datetime-local";
  minLength?: number;
}

/** What the address says about these; what it does not say is absent. */
export function useFilters<Name extends string>(...names: Name[]): Partial<Record<Name, string>> {
  const [params] = useSearchParams();
  const said: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = params.get(name);
    if (value !== null && value !== "") {
      said[name] = value;
    }
  }
  return said;
}

/** What is looked for, kept in the address: a list that is sent to a colleague shows them the same. */
export function Filters({ filters }: { filters: Filter[] }) {
  const { kit } = useWords();
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string) =>
    setParams(
      (now) => {
        if (value === "") {
          now.delete(name);
        } else {
          now.set(name, value);
        }
        return now;
      },
      { replace: true },
    );
  const isAny = filters.some(({ name }) => params.has(name));
  return (
    <search aria-label={kit.filters} className="flex flex-wrap items-end gap-3">
      {filters.map((filter) => (
        <One key={filter.name} filter={filter} value={params.get(filter.name) ?? ""} onPut={put} />
      ))}
      {isAny && (
        <button
          type="button"
          className="inline-flex min-h-9 items-center gap-1 rounded-lg px-2 text-soft hover:bg-sunken hover:text-ink"
          onClick={() =>
            setParams(
              (now) => {
                for (const { name } of filters) {
                  now.delete(name);
                }
                return now;
              },
              { replace: true },
            )
          }
        >
          <X size={14} aria-hidden /> {kit.clear}
        </button>
      )}
    </search>
  );
}

const CONTROL = "control min-h-9! rounded-lg! px-2.5! py-1! text-sm";

interface OneProps {
  filter: Filter;
  value: string;
  onPut: (name: string, value: string) => void;
}

function One({ filter, value, onPut }: OneProps) {
  const id = useId();
  return (
    <div
      className={
        filter.kind === "datetime-local"
          ? "grid w-full content-end gap-1 sm:w-56"
          : "grid w-[calc(50%-0.375rem)] content-end gap-1 sm:w-40"
      }
    >
      <label htmlFor={id} className="font-medium text-soft text-xs">
        {filter.label}
      </label>
      {filter.options === undefined ? (
        <Typed id={id} filter={filter} value={value} onPut={onPut} />
      ) : (
        <Chosen id={id} options={filter.options} value={value} onChoose={(next) => onPut(filter.name, next)} />
      )}
    </div>
  );
}

interface ChosenProps {
  id: string;
  options: [value: string, word: string][];
  value: string;
  onChoose: (value: string) => void;
}

function Chosen({ id, options, value, onChoose }: ChosenProps) {
  const { kit } = useWords();
  return (
    <select id={id} className={CONTROL} value={value} onChange={({ target }) => onChoose(target.value)}>
      <option value="">{kit.all}</option>
      {options.map(([one, word]) => (
        <option key={one} value={one}>
          {word}
        </option>
      ))}
    </select>
  );
}

/** Taken over by Enter, or when one goes on: half a word is not worth a question. */
function Typed({ id, filter, value, onPut }: OneProps & { id: string }) {
  const proposals = filter.proposals ?? [];
  const [known, know] = useState(value);
  const [typed, type] = useState(value);
  // The address says another: the field follows, and stays the one that has the focus.
  if (known !== value) {
    know(value);
    type(value);
  }
  const take = (text: string) => {
    const wanted = text.trim();
    if (wanted !== value && (wanted === "" || wanted.length >= (filter.minLength ?? 1))) {
      onPut(filter.name, wanted);
    }
  };
  return (
    <>
      <input
        id={id}
        type={filter.kind ?? "text"}
        className={CONTROL}
        value={typed}
        onChange={({ target }) => type(target.value)}
        list={proposals.length > 0 ? `${id}-list` : undefined}
        onBlur={({ target }) => take(target.value)}
        onKeyDown={({ key, currentTarget }) => key === "Enter" && take(currentTarget.value)}
      />
      {proposals.length > 0 && (
        <datalist id={`${id}-list`}>
          {proposals.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}
