import { useState } from "react";
import { LETTER_STATES, letterSummaryQuery, lettersQuery } from "../../data/letters";
import { useFilters } from "../../kit/filters";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { Pages } from "../../parts/pages";
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
  const [marked, mark] = useState<ReadonlySet<string>>(new Set());
  return (
    <Pages
      of={lettersQuery(filter)}
      isFiltered={Object.keys(said).length > 0}
      empty={{ title: letters.empty, text: letters.emptyHint }}
    >
      {(shown) => {
        const waiting = shown.filter(({ state }) => state === "waiting").map(({ id }) => id);
        // What was replayed or discarded meanwhile is chosen no more.
        const chosen = waiting.filter((id) => marked.has(id));
        return (
          <>
            <SelectionBar chosen={chosen} shown={shown} waiting={waiting} filter={filter} onMark={mark} />
            <LetterTable letters={shown} marked={new Set(chosen)} onMark={mark} />
          </>
        );
      }}
    </Pages>
  );
}
