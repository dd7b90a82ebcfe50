import { type AuditEntry, letterAuditQuery } from "../../data/letters";
import { At } from "../../kit/figures";
import { BodyView } from "../../kit/json-view";
import { Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found } from "../../kit/screen";
import { useWords } from "../../kit/words";

/** Who did what with it, and what an edit replaced. */
export function LetterHistory({ id }: { id: string }) {
  const { letters } = useWords();
  const found = useLive(letterAuditQuery(id));
  return (
    <Panel title={letters.history}>
      <Found of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">{letters.noHistory}</p>
          ) : (
            <ol aria-label={letters.history} className="grid gap-4">
              {items.map((entry) => (
                <Entry key={`${entry.at} ${entry.action}`} entry={entry} />
              ))}
            </ol>
          )
        }
      </Found>
    </Panel>
  );
}

function Entry({
  entry: { at, actor, action, detail, old_body: old, old_body_encoding: encoding },
}: {
  entry: AuditEntry;
}) {
  const { letters } = useWords();
  const known: Record<string, string> = letters.did;
  return (
    <li className="grid gap-1 border-line border-l-2 pl-3">
      <p>
        <b>{known[action] ?? action}</b> · <At time={at} />
      </p>
      <p className="text-soft [overflow-wrap:anywhere]">{actor}</p>
      {typeof detail === "string" && <p>{detail}</p>}
      {typeof old === "string" && encoding !== "base64" && (
        <details>
          <summary className="min-h-6 cursor-pointer text-soft">{letters.before}</summary>
          <div className="mt-1">
            <BodyView text={old} />
          </div>
        </details>
      )}
    </li>
  );
}
