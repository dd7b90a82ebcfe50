import { useParams } from "react-router";
import { type SagaDetail, sagaQuery } from "../../data/sagas";
import { CopyId } from "../../kit/copy";
import { Ago, At, useFigures } from "../../kit/figures";
import { JsonView } from "../../kit/json-view";
import { Facts, Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { StateBadge } from "../../kit/state-badge";
import { useWords } from "../../kit/words";
import { Back } from "../../parts/back";
import { Raw } from "../../parts/raw";
import { SagaActions } from "./saga-actions";
import { SagaTimeline } from "./saga-timeline";

export function SagaScreen() {
  const { sagas } = useWords();
  const { id = "" } = useParams();
  const found = useLive(sagaQuery(id));
  return (
    <Screen title={sagas.one} lead={sagas.oneLead}>
      <Back to="/console/sagas">{sagas.title}</Back>
      <Found of={found}>{(saga) => <Content saga={saga} />}</Found>
    </Screen>
  );
}

function Content({ saga }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  return (
    <>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,4fr)]">
        <div className="grid min-w-0 gap-4">
          <Summary saga={saga} />
          <Panel title={sagas.input}>
            <JsonView value={saga.input} />
          </Panel>
          {saga.outcome !== undefined && saga.outcome !== null && (
            <Panel title={sagas.outcome}>
              <JsonView value={saga.outcome} />
            </Panel>
          )}
        </div>
        <div className="grid min-w-0 gap-4">
          <SagaTimeline saga={saga} />
          <Interventions saga={saga} />
        </div>
      </div>
      <Raw value={saga} />
    </>
  );
}

function Summary({ saga }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  const figures = useFigures();
  const took = Date.parse(saga.updated_at) - Date.parse(saga.created_at);
  const { next_attempt_at: next, last_error: error, state } = saga;
  const isMoving = state === "running";
  return (
    <Panel title={sagas.summary} actions={<StateBadge state={saga.state} />}>
      <Facts
        facts={[
          [sagas.order, <CopyId key="o" id={saga.subject} of={sagas.order} to={`/console/orders/${saga.subject}`} />],
          [sagas.id, <CopyId key="i" id={saga.id} of={sagas.id} />],
          [sagas.plan, saga.name],
          [sagas.step, `${saga.step}, ${sagas.tries(saga.attempts)}`],
          [sagas.next, next === undefined || next === null ? null : <Ago key="n" time={next} isAhead />],
          [
            sagas.lastError,
            error === undefined || error === null ? null : (
              <span key="e" className="text-danger">
                {error}
              </span>
            ),
          ],
          [sagas.began, <At key="b" time={saga.created_at} />],
          [sagas.deadline, isMoving ? <Ago key="d" time={saga.deadline_at} isAhead /> : null],
          [sagas.duration, figures.ms(took)],
          [sagas.caller, saga.caller],
          [sagas.trace, <Trace key="t" saga={saga} />],
        ]}
      />
      <SagaActions saga={saga} />
    </Panel>
  );
}

/** The trace, which leads to what passed the bus for it. */
function Trace({ saga: { trace_id: trace } }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  if (trace === undefined || trace === null) {
    return <span className="text-soft">–</span>;
  }
  return <CopyId id={trace} of={sagas.trace} to={`/console/messages?trace_id=${trace}`} />;
}

function Interventions({ saga: { interventions } }: { saga: SagaDetail }) {
  const { sagas } = useWords();
  if (interventions.length === 0) {
    return null;
  }
  return (
    <Panel title={sagas.interventions}>
      <ol className="grid gap-3">
        {interventions.map(({ at, actor, action, reason }) => (
          <li key={at} className="grid gap-0.5">
            <span>
              <b>{sagas.actions[action as keyof typeof sagas.actions] ?? action}</b>, <At time={at} />
            </span>
            <span className="text-soft [overflow-wrap:anywhere]">{actor}</span>
            {reason !== undefined && reason !== null && <span>{reason}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
