import { LETTER_STATES, type LetterGroup } from "../../../data/letters";
import { Filters } from "../../../kit/filters";
import { useWords } from "../../../kit/words";

/** What one looks for among the dead letters; there are proposals of what there is. */
export function LetterFilters({ groups }: { groups: LetterGroup[] }) {
  const { letters, states } = useWords();
  const reasons = [...new Set(groups.map(({ reason }) => reason))].sort();
  const routes = [...new Set(groups.flatMap(({ route }) => route ?? []))].sort();
  return (
    <Filters
      filters={[
        { name: "state", label: letters.state, options: LETTER_STATES.map((one) => [one, states[one]]) },
        { name: "reason", label: letters.reason, options: reasons.map((one) => [one, one]) },
        { name: "route", label: letters.route, options: routes.map((one) => [one, one]) },
        { name: "text", label: letters.text, minLength: 3 },
        { name: "from", label: letters.from, kind: "datetime-local" },
        { name: "to", label: letters.to, kind: "datetime-local" },
      ]}
    />
  );
}
