import { useState } from "react";
import { replayAuditQuery } from "../../../data/letters";
import { At } from "../../../kit/figures";
import { useLive } from "../../../kit/refresh";
import { Found } from "../../../kit/screen";
import { useWords } from "../../../kit/words";

/** Who did what with a replay; asked for once somebody wants to know. */
export function ReplayHistory({ id }: { id: string }) {
  const { letters } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="text-xs" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="min-h-6 cursor-pointer text-soft">{letters.history}</summary>
      {isOpen && <Entries id={id} />}
    </details>
  );
}

function Entries({ id }: { id: string }) {
  const { letters } = useWords();
  const found = useLive(replayAuditQuery(id));
  const known: Record<string, string> = letters.did;
  return (
    <Found of={found}>
      {({ items }) => (
        <ol aria-label={letters.replayHistory} className="mt-1 grid gap-2">
          {items.map(({ at, action, actor, detail }) => (
            <li key={`${at} ${action}`} className="grid gap-0.5 border-line border-l-2 pl-3 [overflow-wrap:anywhere]">
              <span>
                <b>{known[action] ?? action}</b> · <At time={at} />
              </span>
              <span className="text-soft">{actor}</span>
              {typeof detail === "string" && <span>{detail}</span>}
            </li>
          ))}
        </ol>
      )}
    </Found>
  );
}
