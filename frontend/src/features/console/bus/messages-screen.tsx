import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { DOORS, FILTERS, isStatus, type MessageFilter, messageFilter, messagesQuery, OUTCOMES } from "../data/messages";
import { routesQuery } from "../data/routes";
import { type Filter, Filters, useFilters } from "../kit/filters";
import { Screen } from "../kit/screen";
import { useWords } from "../kit/words";
import { Pages } from "../parts/pages";
import { Views } from "../parts/views";
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
    <Screen title={messages.title} lead={messages.lead} actions={<LiveOrKept isLive={isLive} />}>
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

function LiveOrKept({ isLive }: { isLive: boolean }) {
  const { messages } = useWords();
  const [, setParams] = useSearchParams();
  const show = (view: "kept" | "live") =>
    setParams((now) => {
      view === "kept" ? now.delete("view") : now.set("view", view);
      return now;
    });
  return (
    <Views
      label={messages.view}
      views={[
        ["kept", messages.kept],
        ["live", messages.live],
      ]}
      shown={isLive ? "live" : "kept"}
      onShow={show}
    />
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
    { name: "trace_id", label: messages.traceId },
  ];
}

function Kept({ filter }: { filter: MessageFilter }) {
  const { messages, kit } = useWords();
  return (
    <Pages of={messagesQuery(filter)} isFiltered={false} empty={{ title: kit.nothing, text: messages.emptyHint }}>
      {(items) => <MessageTable caption={messages.title} items={items} />}
    </Pages>
  );
}
