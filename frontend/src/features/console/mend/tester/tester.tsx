import { Send, Square } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../shared/ui/button";
import { Panel } from "../../kit/panel";
import { useWords } from "../../kit/words";
import type { Api } from "../../schema/document";
import { BodyEditor } from "./body-editor";
import { IdentityChoice } from "./choice/identity-choice";
import { TargetChoice } from "./choice/target-choice";
import { WayChoice } from "./choice/way-choice";
import { History } from "./history";
import { isMessage, type Target } from "./request";
import type { Identity } from "./send";
import { beginning } from "./targets";
import { Terminal } from "./terminal";
import { useExchanges } from "./use-exchanges";

interface Props {
  api: Api;
  targets: Target[];
  target: Target;
  me: string;
}

/** A request to be made up on the left, and what came of it on the right. */
export function Tester({ api, targets, target, me }: Props) {
  const { tester } = useWords();
  const [draft, setDraft] = useState(() => beginning(api, target, me));
  // Another operation, such as by the address: another draft, with one key until somebody wants another.
  if (draft.target.name !== target.name) {
    setDraft(beginning(api, target, me));
  }
  const [identity, setIdentity] = useState<Identity>({ kind: "me" });
  const exchanges = useExchanges();
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <Panel title={tester.request}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void exchanges.send(api, draft, identity);
          }}
        >
          <TargetChoice targets={targets} target={target} />
          <WayChoice draft={draft} onChange={setDraft} />
          <IdentityChoice
            identity={identity}
            isMessage={isMessage(draft.way) || draft.target.operation === null}
            onChange={setIdentity}
          />
          <BodyEditor api={api} draft={draft} onChange={setDraft} />
          <Buttons
            isSending={exchanges.isSending}
            method={draft.target.operation?.method ?? "POST"}
            onStop={exchanges.stop}
          />
        </form>
      </Panel>
      <div className="grid min-w-0 gap-4 xl:sticky xl:top-4">
        <Terminal exchange={exchanges.shown} isSending={exchanges.isSending} />
        <History exchanges={exchanges.past} shown={exchanges.shown} onShow={exchanges.show} />
      </div>
    </div>
  );
}

function Buttons({ isSending, method, onStop }: { isSending: boolean; method: string; onStop: () => void }) {
  const { tester } = useWords();
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button type="submit" disabled={isSending}>
        <Send size={16} aria-hidden />
        {tester.send}
      </Button>
      {isSending && (
        <Button look="secondary" onClick={onStop}>
          <Square size={15} aria-hidden />
          {tester.stop}
        </Button>
      )}
      {method !== "GET" && <p className="text-soft">{tester.changes}</p>}
    </div>
  );
}
