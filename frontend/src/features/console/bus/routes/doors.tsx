import { DOORS, type Route } from "../../data/routes";
import { useWords } from "../../kit/words";

/** The doors that a route's messages come by, each with what it is called there. */
export function Doors({ of: { from } }: { of: Route }) {
  const { doors } = useWords().routes;
  return (
    <ul className="grid min-w-44 gap-0.5">
      {DOORS.flatMap((door) => {
        const named = from[door];
        return named === undefined ? [] : [{ door, named }];
      }).map(({ door, named }) => (
        <li key={door} className="flex items-baseline gap-1.5">
          <span className="w-11 shrink-0 text-soft text-xs">{doors[door]}</span>
          <span className="[overflow-wrap:anywhere]">{named}</span>
        </li>
      ))}
    </ul>
  );
}
