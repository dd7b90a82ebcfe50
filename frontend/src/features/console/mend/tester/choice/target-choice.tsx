import { useId } from "react";
import { useSearchParams } from "react-router";
import { useWords } from "../../../kit/words";
import { INPUT } from "../../../schema/form/schema-input";
import type { Target } from "../request";
import { grouped } from "../targets";

/** Which operation; kept in the address. */
export function TargetChoice({ targets, target }: { targets: Target[]; target: Target }) {
  const { tester } = useWords();
  const [, setParams] = useSearchParams();
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {tester.operation}
      </label>
      <select
        id={id}
        className={INPUT}
        value={target.name}
        onChange={({ target: chosen }) => setParams({ operation: chosen.value }, { replace: true })}
      >
        {grouped(targets).map(({ tag, targets: inside }) => (
          <optgroup key={tag} label={tag === "amqp" ? tester.own : tag}>
            {inside.map((one) => (
              <option key={one.name} value={one.name}>
                {one.operation === null ? tester.ownMessage : `${one.operation.method} ${one.operation.path}`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <p className="text-soft text-xs">{target.operation?.summary ?? tester.ownHint}</p>
    </div>
  );
}
