import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { type Content, type Message, messageQuery } from "../data/messages";
import { CopyId } from "../kit/copy";
import { At, useFigures } from "../kit/figures";
import { BodyView, JsonView, TextView } from "../kit/json-view";
import { Facts, Panel } from "../kit/panel";
import { Found, Screen } from "../kit/screen";
import { StateBadge } from "../kit/state-badge";
import { useWords } from "../kit/words";

/** One message, with what came and what went back. */
export function MessageScreen() {
  const { messages, kit } = useWords();
  const { id = "" } = useParams();
  const found = useQuery(messageQuery(id));
  return (
    <Screen title={found.data?.operation ?? messages.one}>
      <Link to="/console/messages" className="link justify-self-start">
        {messages.back}
      </Link>
      <Found of={found}>
        {(message) => (
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Panel title={messages.facts} className="xl:col-span-2" actions={<StateBadge state={message.outcome} />}>
              <MessageFacts message={message} />
            </Panel>
            <Body title={messages.request} content={message.request} />
            <Body title={messages.answer} content={message.answer} />
            <Panel title={kit.json} className="xl:col-span-2">
              <JsonView value={message} open={0} />
            </Panel>
          </div>
        )}
      </Found>
    </Screen>
  );
}

function MessageFacts({ message }: { message: Message }) {
  const { messages } = useWords();
  const { columns } = messages;
  const figures = useFigures();
  const { id, request_id, trace_id, route } = message;
  return (
    <Facts
      facts={[
        [columns.at, <At key="at" time={message.at} />],
        [columns.elapsed, figures.ms(message.elapsed_us / 1_000)],
        [columns.status, message.status],
        [
          columns.route,
          <Link key="route" to={`/console/routes/${route}`} className="link">
            {route}
          </Link>,
        ],
        [columns.door, message.door.toUpperCase()],
        [columns.caller, message.caller ?? messages.anyone],
        [messages.id, <CopyId key="id" id={id} of={messages.id} />],
        [
          messages.requestId,
          <CopyId
            key="request"
            id={request_id}
            of={messages.requestId}
            to={`/console/messages?request_id=${request_id}`}
          />,
        ],
        [
          messages.traceId,
          <CopyId key="trace" id={trace_id} of={messages.traceId} to={`/console/messages?trace_id=${trace_id}`} />,
        ],
        [messages.sizes, `${figures.bytes(message.request_bytes)} → ${figures.bytes(message.answer_bytes)}`],
      ]}
    />
  );
}

function Body({ title, content }: { title: string; content: Content | null | undefined }) {
  const { messages, kit } = useWords();
  return (
    <Panel title={title}>
      {content === null || content === undefined || content.body === "" ? (
        <p className="text-soft">{messages.noBody}</p>
      ) : (
        <div className="grid gap-2">
          {content.truncated && <p className="text-warn">{kit.truncated}</p>}
          {content.encoding === "base64" ? <TextView text={content.body} /> : <BodyView text={content.body} />}
        </div>
      )}
    </Panel>
  );
}
