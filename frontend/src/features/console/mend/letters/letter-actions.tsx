import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useToast } from "../../../../shared/ui/toast";
import { type DeadLetter, discardLetter, replayLetter } from "../../data/letters";
import { Confirm } from "../../kit/confirm";
import { Mishap } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { Guarded } from "../../parts/guarded";
import type { Permission } from "../../parts/permission";

interface Props {
  letter: DeadLetter;
  /** Somebody is typing: what is done meanwhile would be done to what they do not see. */
  isEdited: boolean;
  onEdit: () => void;
}

/** What can be done about one that waits. */
export function LetterActions({ letter, isEdited, onEdit }: Props) {
  const { letters } = useWords();
  const [asked, ask] = useState<"replay" | "discard" | null>(null);
  const queries = useQueryClient();
  const say = useToast();
  const refresh = () => queries.invalidateQueries({ queryKey: ["console"] });
  const doing = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: refresh });
  const because = letter.state === "waiting" ? (isEdited ? "edited" : null) : letter.state;
  const may: Permission = because === null ? { allowed: true } : { allowed: false, because: letters.because[because] };
  const edit: Permission =
    letter.body_encoding === "utf-8" || !may.allowed ? may : { allowed: false, because: letters.because.binary };
  const replay = async () => {
    await doing.mutateAsync(() => replayLetter(letter.id));
    say({ text: letters.started(1) });
  };
  const discard = async (why: string) => {
    await doing.mutateAsync(() => discardLetter(letter.id, why));
    say({ text: letters.discarded(1) });
  };
  return (
    <div className="mt-5 flex flex-wrap items-start gap-3 border-line border-t pt-4">
      <Guarded permission={may} onClick={() => ask("replay")}>
        {letters.replay}
      </Guarded>
      <Guarded permission={edit} look="secondary" onClick={onEdit}>
        {letters.edit}
      </Guarded>
      <Guarded permission={may} look="secondary" onClick={() => ask("discard")}>
        {letters.discard}
      </Guarded>
      {doing.isError && asked === null && <Mishap error={doing.error} />}
      {asked === "replay" && (
        <Confirm
          title={letters.replayTitle}
          effect={letters.replayEffect(letter.queue ?? letter.exchange, letter.routing_key)}
          action={letters.replay}
          onConfirm={replay}
          onClose={() => ask(null)}
        />
      )}
      {asked === "discard" && (
        <Confirm
          title={letters.discardTitle}
          effect={letters.discardEffect(1)}
          action={letters.discard}
          look="danger"
          reason="required"
          onConfirm={discard}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
