import { useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../../../../shared/i18n/language";
import { Button } from "../../../../../shared/ui/button";
import { Dialog } from "../../../../../shared/ui/dialog";
import { Checkbox, TextField } from "../../../../../shared/ui/form/field";
import { useToast } from "../../../../../shared/ui/toast";
import { type NewReplay, type Preview, previewQuery, startReplay } from "../../../data/letters";
import { useFigures } from "../../../kit/figures";
import { Found, Mishap } from "../../../kit/screen";
import { useWords } from "../../../kit/words";
import { type Chosen, type Manner, replayOf } from "../filter";

const STARTING = ["console", "start-replay"];

/** Says how many would go where, asks how fast, and then sends them on their way. */
export function ReplayDialog({ chosen, onClose }: { chosen: Chosen; onClose: () => void }) {
  const { letters } = useWords();
  const [manner, setManner] = useState<Manner>({ batches: "", perSecond: "", stopOnFailure: "yes" });
  const wanted = replayOf(chosen, manner);
  const what = replayOf(chosen, { batches: "", perSecond: "", stopOnFailure: "no" }) ?? {};
  const preview = useQuery(previewQuery(what));
  const isBusy = useIsMutating({ mutationKey: STARTING }) > 0;
  return (
    <Dialog title={letters.replayTitle} role="alertdialog" isBusy={isBusy} onClose={onClose}>
      <div className="grid gap-4">
        <Found of={preview}>{(told) => <Targets preview={told} />}</Found>
        <TextField
          label={letters.batches}
          hint={letters.batchesHint}
          isOptional
          inputMode="numeric"
          value={manner.batches}
          onChange={({ target }) => setManner({ ...manner, batches: target.value })}
        />
        <TextField
          label={letters.rate}
          hint={letters.rateHint}
          isOptional
          inputMode="numeric"
          value={manner.perSecond}
          onChange={({ target }) => setManner({ ...manner, perSecond: target.value })}
        />
        <Checkbox
          label={letters.stopOnFailure}
          checked={manner.stopOnFailure === "yes"}
          onChange={({ target }) => setManner({ ...manner, stopOnFailure: target.checked ? "yes" : "no" })}
        />
        {wanted === null && (
          <p role="alert" className="font-medium text-danger">
            {letters.numbers}
          </p>
        )}
        <Start wanted={wanted} count={preview.data?.count ?? 0} onClose={onClose} />
      </div>
    </Dialog>
  );
}

function Targets({ preview: { count, targets } }: { preview: Preview }) {
  const { letters } = useWords();
  const figures = useFigures();
  return (
    <div className="grid gap-2">
      <p className="font-medium">{letters.wouldGo(figures.count(count))}</p>
      <ul className="grid gap-1">
        {targets.map(({ exchange, routing_key, count }) => (
          <li key={`${exchange} ${routing_key}`} className="flex justify-between gap-4">
            <code className="[overflow-wrap:anywhere]">
              {exchange === "" ? letters.queue : exchange} → {routing_key}
            </code>
            <span className="tabular-nums">{figures.count(count)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface StartProps {
  wanted: NewReplay | null;
  count: number;
  onClose: () => void;
}

function Start({ wanted, count, onClose }: StartProps) {
  const { letters } = useWords();
  const { everywhere } = useMessages();
  const queries = useQueryClient();
  const say = useToast();
  const starting = useMutation({
    mutationKey: STARTING,
    mutationFn: (what: NewReplay) => startReplay(what),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["console"] });
      say({ text: letters.started(count) });
      onClose();
    },
  });
  return (
    <>
      {starting.isError && <Mishap error={starting.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="secondary" disabled={starting.isPending} onClick={onClose}>
          {everywhere.actions.cancel}
        </Button>
        <Button
          disabled={wanted === null || count === 0 || starting.isPending}
          onClick={() => wanted !== null && starting.mutate(wanted)}
        >
          {letters.replaySome(count)}
        </Button>
      </div>
    </>
  );
}
