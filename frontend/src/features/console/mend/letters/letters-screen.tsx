import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LETTER_STATES, letterSummaryQuery, lettersQuery } from "../../data/letters";
import { all } from "../../data/pages";
import { useFilters } from "../../kit/filters";
import { useLive, usePace } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { More } from "../../kit/table";
import { useWords } from "../../kit/words";
import { Nothing } from "../../parts/nothing";
import { StateTabs } from "../../parts/state-tabs";
import { filterOf, NAMES } from "./filter";
import { Groups } from "./list/groups";
import { LetterFilters } from "./list/letter-filters";
import { LetterTable } from "./list/letter-table";
import { SelectionBar } from "./list/selection-bar";
import { Replays } from "./replay/replays";

/** What the bus could do nothing with: by groups, one by one, and what is done about them. */
export function LettersScreen() {
  const { letters } = useWords();
  const summary = useLive(letterSummaryQuery);
  return (
    <Screen title={letters.title} lead={letters.lead}>
      <Found of={summary}>
        {({ groups }) => (
          <>
            <StateTabs
              label={letters.byState}
              tallies={LETTER_STATES.map((state) => ({
                state,
                count: groups.filter((one) => one.state === state).reduce((sum, { count }) => sum + count, 0),
              }))}
            />
            <Groups groups={groups} />
            <Replays />
            <LetterFilters groups={groups} />
          </>
        )}
      </Found>
      <List />
    </Screen>
  );
}

function List() {
  const { letters } = useWords();
  const said = useFilters(...NAMES);
  const filter = filterOf(said);
  const found = useInfiniteQuery({ ...lettersQuery(filter), refetchInterval: usePace() });
  const [marked, mark] = useState<ReadonlySet<string>>(new Set());
  const isFiltered = Object.keys(said).length > 0;
  return (
    <Found of={found}>
      {(told) => {
        const shown = all(told);
        const waiting = shown.filter(({ state }) => state === "waiting").map(({ id }) => id);
        // What was replayed or discarded meanwhile is chosen no more.
        const chosen = waiting.filter((id) => marked.has(id));
        return shown.length === 0 ? (
          <Nothing isFiltered={isFiltered} title={letters.empty} text={letters.emptyHint} />
        ) : (
          <>
            <SelectionBar chosen={chosen} shown={shown} waiting={waiting} filter={filter} onMark={mark} />
            <LetterTable letters={shown} marked={new Set(chosen)} onMark={mark} />
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
