import type { Plain } from "../document";
import { type Json, parsed } from "../json";

export const INPUT = "control min-h-9! rounded-lg! px-2.5! py-1! text-sm";

interface Props {
  id: string;
  known: Plain;
  isNeeded: boolean;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** A control for a single value; an empty one that may be left out is left out. */
export function SchemaInput({ id, known, isNeeded, value, onChange }: Props) {
  const choices = known.kind === "boolean" ? ["true", "false"] : known.enum;
  const described = known.description === undefined ? undefined : `${id}-hint`;
  const text =
    value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const take = (typed: string) => onChange(typed === "" && !isNeeded ? undefined : meantBy(known.kind, typed));
  if (choices !== undefined) {
    return (
      <select
        id={id}
        className={INPUT}
        aria-describedby={described}
        value={text}
        onChange={({ target }) => take(target.value)}
      >
        {(!isNeeded || !choices.includes(text)) && <option value="">–</option>}
        {choices.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      className={`${INPUT} ${known.format === undefined ? "" : "font-mono"}`}
      aria-describedby={described}
      inputMode={known.kind === "integer" || known.kind === "number" ? "numeric" : undefined}
      spellCheck={false}
      autoComplete="off"
      value={text}
      onChange={({ target }) => take(target.value)}
    />
  );
}

/** The value that a text stands for; what does not fit stays as it was typed, so that the bus can refuse it. */
export function meantBy(kind: Plain["kind"], typed: string): Json {
  switch (kind) {
    case "integer":
    case "number":
      return typed.trim() !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
    case "boolean":
      return typed === "true" ? true : typed === "false" ? false : typed;
    case "string":
      return typed;
    case "any":
    case "object":
    case "array":
      return parsed(typed) ?? typed;
    default:
      return kind satisfies never;
  }
}
