import { useInfiniteQuery } from "@tanstack/react-query";
import { all } from "../../data/pages";
import { SAGA_STATES, type SagaFilter, sagaSummaryQuery, sagasQuery } from "../../data/sagas";
import { Filters, useFilters } from "../../kit/filters";
import { useLive, usePace } from "../../kit/refresh";
import { Mishap, Screen } from "../../kit/screen";
import { More } from "../../kit/table";
import { useWords } from "../../kit/words";
import { Headed } from "../../parts/headed";
import { Pages } from "../../parts/pages";
import { StateTabs } from "../../parts/state-tabs";
import { SagaTable } from "./saga-table";

const UUID = /^[0-9a-f-]{36}$/i;

/** What goes on across services: what is stuck first. */
export function SagasScreen() {
  const { sagas, states } = useWords();
  const said = useFilters("state", "subject");
  const state = SAGA_STATES.find((one) => one === said.state);
  const isNoId = said.subject !== undefined && !UUID.test(said.subject);
  const filter: SagaFilter = {
    ...(state === undefined ? {} : { state }),
    ...(said.subject === undefined || isNoId ? {} : { subject: said.subject }),
  };
  const isFiltered = Object.keys(said).length > 0;
  return (
    <Screen title={sagas.title} lead={sagas.lead}>
      <Tallies />
      <Filters
        filters={[
          { name: "state", label: sagas.state, options: SAGA_STATES.map((one) => [one, states[one]]) },
          { name: "subject", label: sagas.order },
        ]}
      />
      {isNoId ? (
        <p role="status" className="text-warn">
          {sagas.noId}
        </p>
      ) : (
        <>
          {!isFiltered && <Stuck />}
          <List filter={filter} isFiltered={isFiltered} />
        </>
      )}
    </Screen>
  );
}

function Tallies() {
  const { sagas } = useWords();
  const { data, error, refetch } = useLive(sagaSummaryQuery);
  if (error !== null) {
    return <Mishap error={error} onRetry={() => void refetch()} />;
  }
  const tallies = SAGA_STATES.map((state) => {
    const known = data?.states.find((one) => one.state === state);
    return { state, count: known?.count ?? 0, more: known?.more ?? false };
  });
  return data === undefined ? <div className="h-11" /> : <StateTabs tallies={tallies} label={sagas.byState} />;
}

/** What waits for a person; nothing where nothing does. */
function Stuck() {
  const { sagas } = useWords();
  const found = useInfiniteQuery({ ...sagasQuery({ state: "stuck" }), refetchInterval: usePace() });
  const stuck = all(found.data);
  return stuck.length === 0 && found.error === null ? null : (
    <Headed title={sagas.needsYou}>
      {found.error !== null && <Mishap error={found.error} onRetry={() => void found.refetch()} />}
      {stuck.length > 0 && <SagaTable caption={sagas.needsYou} sagas={stuck} />}
      <More isThere={found.hasNextPage} isComing={found.isFetchingNextPage} onMore={() => void found.fetchNextPage()} />
    </Headed>
  );
}

function List({ filter, isFiltered }: { filter: SagaFilter; isFiltered: boolean }) {
  const { sagas } = useWords();
  return (
    <Pages of={sagasQuery(filter)} isFiltered={isFiltered} empty={{ title: sagas.empty, text: sagas.emptyHint }}>
      {(shown) => <SagaTable caption={sagas.title} sagas={shown} />}
    </Pages>
  );
}
