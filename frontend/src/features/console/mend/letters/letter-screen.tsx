import { useState } from "react";
import { Link, useParams } from "react-router";
import { type DeadLetter, letterQuery } from "../../data/letters";
import { CopyId } from "../../kit/copy";
import { At, useFigures } from "../../kit/figures";
import { BodyView, JsonView, TextView } from "../../kit/json-view";
import { Facts, Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { StateBadge } from "../../kit/state-badge";
import { useWords } from "../../kit/words";
import { Back } from "../../parts/back";
import { Raw } from "../../parts/raw";
import { LetterActions } from "./letter-actions";
import { LetterEdit } from "./letter-edit";
import { LetterHistory } from "./letter-history";

export function LetterScreen() {
  const { letters } = useWords();
  const { id = "" } = useParams();
  const found = useLive(letterQuery(id));
  return (
    <Screen title={letters.one} lead={letters.oneLead}>
      <Back to="/console/dead-letters">{letters.title}</Back>
      <Found of={found}>{({ letter, version }) => <Content key={letter.id} letter={letter} version={version} />}</Found>
    </Screen>
  );
}

interface Props {
  letter: DeadLetter;
  version: string | null;
}

function Content({ letter, version }: Props) {
  const { letters } = useWords();
  // What was read when the editing began: a change by somebody else meanwhile is found out when it is saved.
  const [edited, edit] = useState<Props | null>(null);
  return (
    <>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <Summary
            letter={letter}
            isEdited={edited !== null}
            onEdit={() => edit((now) => now ?? { letter, version })}
          />
          <Panel title={letters.properties}>
            <JsonView value={letter.properties} />
          </Panel>
          <Panel title={letters.headers}>
            <JsonView value={letter.headers} />
          </Panel>
        </div>
        <div className="grid min-w-0 gap-4">
          {edited === null ? (
            <Panel title={letters.body}>
              <Body letter={letter} />
            </Panel>
          ) : (
            <LetterEdit
              key={edited.version}
              letter={edited.letter}
              version={edited.version}
              onClose={() => edit(null)}
            />
          )}
          <LetterHistory id={letter.id} />
        </div>
      </div>
      <Raw value={letter} />
    </>
  );
}

function Body({ letter: { body, body_encoding: encoding } }: { letter: DeadLetter }) {
  const { letters } = useWords();
  return encoding === "utf-8" ? (
    <BodyView text={body} />
  ) : (
    <div className="grid gap-2">
      <p className="text-soft">{letters.binary}</p>
      <TextView text={body} />
    </div>
  );
}

function Summary({ letter, isEdited, onEdit }: { letter: DeadLetter; isEdited: boolean; onEdit: () => void }) {
  const { letters } = useWords();
  const figures = useFigures();
  const returned = letter.returned_as ?? [];
  return (
    <Panel title={letters.summary} actions={<StateBadge state={letter.state} />}>
      <Facts
        facts={[
          [letters.reason, <b key="r">{letter.reason}</b>],
          [letters.detail, letter.detail],
          [letters.route, letter.route],
          [letters.key, <code key="k">{letter.routing_key}</code>],
          [letters.exchange, <code key="e">{letter.exchange}</code>],
          [letters.queueOf, letter.queue],
          [letters.attempts, letter.attempts],
          [letters.first, <At key="f" time={letter.first_at} />],
          [letters.last, <At key="l" time={letter.last_at} />],
          [letters.size, figures.bytes(letter.size)],
          [letters.id, <CopyId key="i" id={letter.id} of={letters.id} />],
          [letters.replayOf, typeof letter.replay_of === "string" ? <Other key="o" id={letter.replay_of} /> : null],
          [letters.returnedAs, returned.length > 0 ? <Others key="a" ids={returned} /> : null],
        ]}
      />
      <LetterActions letter={letter} isEdited={isEdited} onEdit={onEdit} />
    </Panel>
  );
}

function Others({ ids }: { ids: string[] }) {
  return (
    <span className="grid">
      {ids.map((id) => (
        <Other key={id} id={id} />
      ))}
    </span>
  );
}

function Other({ id }: { id: string }) {
  return (
    <Link to={`/console/dead-letters/${id}`} className="link font-mono text-[0.8125rem]">
      …{id.slice(-8)}
    </Link>
  );
}
