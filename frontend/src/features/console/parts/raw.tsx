import { JsonView } from "../kit/json-view";
import { useWords } from "../kit/words";

/** A thing as the system tells it, for who wants to know it all. */
export function Raw({ value }: { value: unknown }) {
  const { kit } = useWords();
  return (
    <details className="card rounded-2xl! px-4 py-3 sm:px-5">
      <summary className="min-h-6 cursor-pointer font-medium">{kit.json}</summary>
      <div className="mt-3">
        <JsonView value={value} />
      </div>
    </details>
  );
}
