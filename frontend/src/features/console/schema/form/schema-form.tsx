import { Plus, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useWords } from "../../kit/words";
import { type Api, type Plain, plain, type Schema } from "../document";
import { example } from "../example";
import { isObject, type Json, type JsonObject } from "../json";
import { kindOf } from "./field-list";
import { SchemaInput } from "./schema-input";

interface Props {
  api: Api;
  schema: Schema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
}

/** The fields of an object, whatever its schema: those that must be there, and those that may. */
export function SchemaForm({ api, schema, value, onChange }: Props) {
  const known = plain(api, schema);
  return (
    <div className="grid gap-3">
      {Object.entries(known.properties ?? {}).map(([name, one]) => (
        <SchemaField
          key={name}
          api={api}
          schema={one}
          name={name}
          isNeeded={known.required?.includes(name) ?? false}
          value={value[name]}
          onChange={(next) => onChange(withField(value, name, next))}
        />
      ))}
    </div>
  );
}

/** With another value in a field; absent where there is none. */
export function withField(value: JsonObject, name: string, next: Json | undefined): JsonObject {
  const { [name]: _, ...rest } = value;
  return next === undefined ? rest : { ...value, [name]: next };
}

interface FieldProps {
  api: Api;
  schema: Schema;
  name: string;
  isNeeded: boolean;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

function SchemaField({ api, schema, name, isNeeded, value, onChange }: FieldProps) {
  const known = plain(api, schema);
  if (known.kind === "object" && known.properties !== undefined) {
    return (
      <Nested
        name={name}
        isNeeded={isNeeded}
        isThere={value !== undefined}
        onAdd={() => onChange(example(api, schema))}
        onRemove={() => onChange(undefined)}
      >
        <SchemaForm api={api} schema={schema} value={isObject(value) ? value : {}} onChange={onChange} />
      </Nested>
    );
  }
  if (known.kind === "array") {
    return (
      <Nested
        name={name}
        isNeeded={isNeeded}
        isThere={value !== undefined}
        onAdd={() => onChange(example(api, schema))}
        onRemove={() => onChange(undefined)}
      >
        <Items api={api} of={known} name={name} items={Array.isArray(value) ? value : []} onChange={onChange} />
      </Nested>
    );
  }
  return <Single known={known} name={name} isNeeded={isNeeded} value={value} onChange={onChange} />;
}

function Single({ known, name, isNeeded, value, onChange }: Omit<FieldProps, "api" | "schema"> & { known: Plain }) {
  const id = useId();
  const { schema: words } = useWords();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-semibold">{name}</code>{" "}
        <span className="text-soft text-xs">
          {kindOf(known)}
          {isNeeded ? `, ${words.needed}` : ""}
        </span>
      </label>
      <SchemaInput id={id} known={known} isNeeded={isNeeded} value={value} onChange={onChange} />
      {known.description !== undefined && (
        <p id={`${id}-hint`} className="text-soft text-xs">
          {known.description}
        </p>
      )}
    </div>
  );
}

interface NestedProps {
  name: string;
  isNeeded: boolean;
  isThere: boolean;
  onAdd: () => void;
  onRemove: () => void;
  children: ReactNode;
}

const SMALL = "inline-flex min-h-8 items-center gap-1 rounded-lg px-2 text-soft hover:bg-sunken hover:text-ink";

/** A part of a document that may itself be left out. */
function Nested({ name, isNeeded, isThere, onAdd, onRemove, children }: NestedProps) {
  const { schema: words } = useWords();
  if (!isThere) {
    return (
      <button type="button" className={`${SMALL} justify-self-start`} onClick={onAdd}>
        <Plus size={14} aria-hidden /> {words.add} <code className="font-semibold">{name}</code>
      </button>
    );
  }
  return (
    <fieldset className="grid min-w-0 gap-2 border-line border-l-2 pl-3">
      <legend className="float-left mb-1 flex w-full items-center justify-between gap-2">
        <code className="font-semibold">{name}</code>
        {!isNeeded && (
          <button type="button" className={SMALL} onClick={onRemove}>
            <X size={14} aria-hidden /> {words.remove}
            <span className="sr-only"> {name}</span>
          </button>
        )}
      </legend>
      <div className="clear-both grid gap-3">{children}</div>
    </fieldset>
  );
}

interface ItemsProps {
  api: Api;
  of: Plain;
  name: string;
  items: Json[];
  onChange: (items: Json[]) => void;
}

function Items({ api, of, name, items, onChange }: ItemsProps) {
  const { schema: words } = useWords();
  const schema = of.items ?? {};
  return (
    <>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the document
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 rounded-xl bg-sunken/60 p-3">
          {isObject(item) ? (
            <SchemaForm api={api} schema={schema} value={item} onChange={(next) => onChange(items.with(index, next))} />
          ) : (
            <Single
              known={plain(api, schema)}
              name={`${name} ${index + 1}`}
              isNeeded
              value={item}
              onChange={(next) => onChange(items.with(index, next ?? ""))}
            />
          )}
          <button
            type="button"
            className={SMALL}
            aria-label={`${words.remove} ${name} ${index + 1}`}
            onClick={() => onChange(items.toSpliced(index, 1))}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
      <button
        type="button"
        className={`${SMALL} justify-self-start`}
        onClick={() => onChange([...items, example(api, schema)])}
      >
        <Plus size={14} aria-hidden /> {words.addItem}
        <span className="sr-only"> {name}</span>
      </button>
    </>
  );
}
