import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Inbox } from "lucide-react";
import { useSearchParams } from "react-router";
import { Empty } from "../../../shared/ui/states";
import { DOORS, FILTERS, isStatus, type MessageFilter, messageFilter, messagesQuery, OUTCOMES } from "../data/messages";
import { routesQuery } from "../data/routes";
import { type Filter, Filters, useFilters } from "../kit/filters";
import { usePace } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { More } from "../kit/table";
import { useWords } from "../kit/words";
import { LiveTail } from "./live-tail";
import { MessageTable } from "./message-table";

/** What has passed the bus, and what passes it now. */
export function MessagesScreen() {
  const { messages } = useWords();
  const said = useFilters(...FILTERS);
  const filter = messageFilter(said);
  const isNoStatus = said.status !== undefined && !isStatus(said.status);
  const isLive = useSearchParams()[0].get("view") === "live";
  return (
    <Screen title={messages.title} lead={messages.lead} actions={<Views isLive={isLive} />}>
      <Filters filters={useMessageFilters()} />
      {isNoStatus && (
        <p role="status" className="text-warn">
          {messages.noStatus}
        </p>
      )}
      {isLive ? <LiveTail filter={filter} /> : <Kept filter={filter} />}
    </Screen>
  );
}

function Views({ isLive }: { isLive: boolean }) {
  const { messages } = useWords();
  const [, setParams] = useSearchParams();
  const show = (view: string) =>
    setParams((now) => {
      view === "" ? now.delete("view") : now.set("view", view);
      return now;
    });
  const look = (isOn: boolean) =>
    clsx("min-h-8 rounded-md px-3 font-medium", isOn ? "bg-surface shadow-card" : "text-soft");
  return (
    <fieldset className="flex rounded-lg bg-sunken p-0.5">
      <legend className="sr-only">{messages.view}</legend>
      <button type="button" aria-pressed={!isLive} className={look(!isLive)} onClick={() => show("")}>
        {messages.kept}
      </button>
      <button type="button" aria-pressed={isLive} className={look(isLive)} onClick={() => show("live")}>
        {messages.live}
      </button>
    </fieldset>
  );
}

function useMessageFilters(): Filter[] {
  const { messages, states } = useWords();
  const { columns } = messages;
  const routes = useQuery(routesQuery).data ?? [];
  return [
    { name: "route", label: columns.route, proposals: routes.map(({ name }) => name) },
    { name: "outcome", label: columns.outcome, options: OUTCOMES.map((one) => [one, states[one]]) },
    { name: "door", label: columns.door, options: DOORS.map((one) => [one, one.toUpperCase()]) },
    { name: "status", label: columns.status },
    { name: "text", label: messages.text },
    { name: "request_id", label: messages.requestId },
  ];
}

function Kept({ filter }: { filter: MessageFilter }) {
  const { messages, kit } = useWords();
  const found = useInfiniteQuery({ ...messagesQuery(filter), refetchInterval: usePace() });
  return (
    <Found of={found}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) {
          return <Empty sign={Inbox} title={kit.nothing} text={messages.emptyHint} />;
        }
        return (
          <>
            <MessageTable caption={messages.title} items={items} />
            <More
              isThere={found.hasNextPage}
              isComing={found.isFetchingNextPage}
              onMore={() => void found.fetchNextPage()}
            />
          </>
        );
      }}
    </Found>
  );
}
