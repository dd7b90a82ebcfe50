import { CircleAlert, CircleCheck } from "lucide-react";
import { useWords } from "../../kit/words";
import type { Flaw } from "../check";
import type { Judged } from "../judge";

/** What is wrong with what is typed, place by place. */
export function FlawList({ id, judged }: { id: string; judged: Judged }) {
  const { schema } = useWords();
  return (
    <div id={id} aria-live="polite">
      <Said judged={judged} schema={schema} />
    </div>
  );
}

function Said({ judged, schema }: { judged: Judged; schema: ReturnType<typeof useWords>["schema"] }) {
  switch (judged.kind) {
    case "unknown":
      return null;
    case "fine":
      return (
        <p className="flex items-center gap-2 font-medium text-accent-strong">
          <CircleCheck size={16} aria-hidden /> {schema.fine}
        </p>
      );
    case "broken":
      return (
        <p className="flex items-center gap-2 font-medium text-danger">
          <CircleAlert size={16} aria-hidden /> {schema.broken}
        </p>
      );
    case "flawed":
      return (
        <ul className="grid gap-1.5 rounded-xl bg-danger-soft p-3">
          {judged.flaws.map((flaw) => (
            <li key={`${flaw.pointer} ${flaw.kind}`} className="[overflow-wrap:anywhere]">
              <code className="font-semibold">{flaw.pointer === "" ? "/" : flaw.pointer}</code> {wordsOf(flaw, schema)}
            </li>
          ))}
        </ul>
      );
    default:
      return judged satisfies never;
  }
}

export function wordsOf({ kind, wanted }: Flaw, { flaws }: ReturnType<typeof useWords>["schema"]): string {
  switch (kind) {
    case "missing":
      return flaws.missing;
    case "unknown":
      return flaws.unknown(wanted);
    case "type":
      return flaws.type(wanted);
    case "choice":
      return flaws.choice(wanted);
    case "range":
      return flaws.range(wanted);
    case "pattern":
      return flaws.pattern(wanted);
    case "format":
      return flaws.format(wanted);
    default:
      return kind satisfies never;
  }
}
