import { Pause, Play, Radio } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../shared/ui/button";
import { Empty } from "../../../shared/ui/states";
import { fits, type MessageFilter, type MessageSummary, messageOf } from "../data/messages";
import { useBusStream } from "../data/stream";
import { useFigures } from "../kit/figures";
import { useWords } from "../kit/words";
import { MessageTable } from "./message-table";

const KEPT_MAX = 200;

/** What passes right now, the newest on top, until one stops to read. */
export function LiveTail({ filter }: { filter: MessageFilter }) {
  const { messages, refresh } = useWords();
  const figures = useFigures();
  const [isPaused, pause] = useState(false);
  const [heard, setHeard] = useState<MessageSummary[]>([]);
  const { standing, missed } = useBusStream({
    isOn: !isPaused,
    route: filter.route,
    outcome: filter.outcome,
    // What does not fit takes no place from what does.
    wants: (event) => {
      const message = messageOf(event);
      return message !== undefined && fits(message, filter);
    },
    hear: (events) => {
      const news = events.flatMap((event) => messageOf(event) ?? []).reverse();
      setHeard((before) => [...news, ...before].slice(0, KEPT_MAX));
    },
  });
  const shown = heard.filter((message) => fits(message, filter));
  const Sign = isPaused ? Play : Pause;
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="secondary" className="min-h-9! rounded-lg! py-1!" onClick={() => pause(!isPaused)}>
          <Sign size={16} aria-hidden />
          {isPaused ? refresh.resume : refresh.pause}
        </Button>
        <p role="status" className="text-soft">
          {isPaused ? refresh.paused : messages.stream[standing]}
        </p>
        {missed > 0 && <p className="text-warn">{messages.missed(figures.count(missed))}</p>}
      </div>
      {shown.length === 0 ? (
        <Empty sign={Radio} title={messages.silent} text={messages.silentHint} />
      ) : (
        <MessageTable caption={messages.live} items={shown} />
      )}
    </>
  );
}
