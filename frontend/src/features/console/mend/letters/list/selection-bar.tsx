import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../../../shared/ui/button";
import { useToast } from "../../../../../shared/ui/toast";
import { type DeadLetter, discardLetter, type LetterFilter } from "../../../data/letters";
import { Confirm } from "../../../kit/confirm";
import { useWords } from "../../../kit/words";
import { Guarded } from "../../../parts/guarded";
import { ReplayDialog } from "../replay/replay-dialog";
import { ExportButton } from "./export-button";

interface Props {
  chosen: string[];
  shown: DeadLetter[];
  /** Those of the list that could be chosen. */
  waiting: string[];
  filter: LetterFilter;
  onMark: (marked: ReadonlySet<string>) => void;
}

/** What can be done with some, or with all that match. */
export function SelectionBar({ chosen, shown, waiting, filter, onMark }: Props) {
  const { letters } = useWords();
  const [asked, ask] = useState<"some" | "all" | "discard" | null>(null);
  const some =
    chosen.length > 0 ? ({ allowed: true } as const) : { allowed: false as const, because: letters.chooseFirst };
  const canAll = filter.state === undefined || filter.state === "waiting";
  const every = canAll ? ({ allowed: true } as const) : { allowed: false as const, because: letters.onlyWaiting };
  const isAll = waiting.length > 0 && chosen.length === waiting.length;
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Button
        look="quiet"
        className="min-h-9! rounded-lg! px-3! py-1!"
        disabled={waiting.length === 0}
        onClick={() => onMark(new Set(isAll ? [] : waiting))}
      >
        {isAll ? letters.chooseNone : letters.chooseAll(waiting.length)}
      </Button>
      <Guarded permission={some} onClick={() => ask("some")}>
        {letters.replaySome(chosen.length)}
      </Guarded>
      <Guarded permission={some} look="secondary" onClick={() => ask("discard")}>
        {letters.discardSome(chosen.length)}
      </Guarded>
      <Guarded permission={every} look="secondary" onClick={() => ask("all")}>
        {letters.replayAll}
      </Guarded>
      <ExportButton chosen={shown.filter(({ id }) => chosen.includes(id))} filter={filter} />
      {asked === "some" && <ReplayDialog chosen={{ ids: chosen }} onClose={() => ask(null)} />}
      {asked === "all" && <ReplayDialog chosen={{ filter }} onClose={() => ask(null)} />}
      {asked === "discard" && <DiscardSome ids={chosen} onClose={() => ask(null)} />}
    </div>
  );
}

function DiscardSome({ ids, onClose }: { ids: string[]; onClose: () => void }) {
  const { letters } = useWords();
  const queries = useQueryClient();
  const say = useToast();
  const discard = async (why: string) => {
    try {
      for (const id of ids) {
        await discardLetter(id, why);
      }
      say({ text: letters.discarded(ids.length) });
    } finally {
      // Also where one could not be: those before it are gone.
      void queries.invalidateQueries({ queryKey: ["console", "letters"] });
    }
  };
  return (
    <Confirm
      title={letters.discardTitle}
      effect={letters.discardEffect(ids.length)}
      action={letters.discardSome(ids.length)}
      look="danger"
      reason="required"
      onConfirm={discard}
      onClose={onClose}
    />
  );
}
