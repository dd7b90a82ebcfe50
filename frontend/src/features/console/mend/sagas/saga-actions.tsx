import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useToast } from "../../../../shared/ui/toast";
import { cancelSaga, retrySaga, type SagaDetail, sagaQuery } from "../../data/sagas";
import { Confirm } from "../../kit/confirm";
import { useWords } from "../../kit/words";
import { Guarded } from "../../parts/guarded";
import { mayCancel, mayRetry } from "./may";

/** What a person can do about a saga; what can't be done now says why. */
export function SagaActions({ saga }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  const [asked, ask] = useState<"retry" | "cancel" | null>(null);
  const queries = useQueryClient();
  const say = useToast();
  const done = async (text: string) => {
    await queries.invalidateQueries({ queryKey: sagaQuery(saga.id).queryKey });
    void queries.invalidateQueries({ queryKey: ["console", "sagas"] });
    say({ text });
  };
  return (
    <div className="mt-5 flex flex-wrap items-start gap-3 border-line border-t pt-4">
      <Guarded permission={mayRetry(saga, sagas.because)} onClick={() => ask("retry")}>
        {sagas.retry}
      </Guarded>
      <Guarded permission={mayCancel(saga, sagas.because)} look="secondary" onClick={() => ask("cancel")}>
        {sagas.cancel}
      </Guarded>
      {asked === "retry" && (
        <Confirm
          title={sagas.retryTitle}
          effect={sagas.retryEffect(saga.step)}
          action={sagas.retry}
          onConfirm={async () => {
            await retrySaga(saga.id);
            await done(sagas.retried);
          }}
          onClose={() => ask(null)}
        />
      )}
      {asked === "cancel" && (
        <Confirm
          title={sagas.cancelTitle}
          effect={sagas.cancelEffect(saga.steps.filter(({ state }) => state !== "waiting").length)}
          action={sagas.cancel}
          look="danger"
          reason="optional"
          onConfirm={async (why) => {
            await cancelSaga(saga.id, why);
            await done(sagas.cancelled);
          }}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
