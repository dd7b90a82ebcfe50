import { useWords } from "../../kit/words";
import { type Api, type Plain, plain, type Schema } from "../document";

const DEPTH_MAX = 4;

/** The fields that a document may have, and those it must. */
export function FieldList({ api, schema }: { api: Api; schema: Schema }) {
  const { schema: words } = useWords();
  return (
    <details open>
      <summary className="min-h-6 cursor-pointer font-medium">{words.fields}</summary>
      <Fields api={api} of={plain(api, schema)} depth={0} />
    </details>
  );
}

function Fields({ api, of, depth }: { api: Api; of: Plain; depth: number }) {
  const inner = of.kind === "array" ? plain(api, of.items ?? {}) : of;
  const properties = Object.entries(inner.properties ?? {});
  return properties.length === 0 || depth > DEPTH_MAX ? null : (
    <ul className="mt-1 grid gap-1.5 border-line border-l pl-3">
      {properties.map(([name, schema]) => (
        <Field
          key={name}
          api={api}
          name={name}
          schema={schema}
          isNeeded={inner.required?.includes(name) ?? false}
          depth={depth}
        />
      ))}
    </ul>
  );
}

interface FieldProps {
  api: Api;
  name: string;
  schema: Schema;
  isNeeded: boolean;
  depth: number;
}

function Field({ api, name, schema, isNeeded, depth }: FieldProps) {
  const { schema: words } = useWords();
  const known = plain(api, schema);
  return (
    <li className="min-w-0 [overflow-wrap:anywhere]">
      <code className="font-semibold">{name}</code>{" "}
      <span className="text-soft">
        {kindOf(known)}
        {isNeeded && <b className="text-ink">, {words.needed}</b>}
        {known.description !== undefined && ` – ${known.description}`}
        {known.enum !== undefined && ` (${known.enum.join(" | ")})`}
      </span>
      <Fields api={api} of={known} depth={depth + 1} />
    </li>
  );
}

/** Such as `uuid` or `array`. */
export function kindOf({ kind, format }: Plain): string {
  return kind === "string" && format !== undefined ? format : kind;
}
