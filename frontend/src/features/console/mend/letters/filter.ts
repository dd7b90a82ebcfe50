import { LETTER_STATES, type LetterFilter, type NewReplay } from "../../data/letters";

export const NAMES = ["state", "route", "reason", "text", "from", "to"] as const;
type Said = Partial<Record<(typeof NAMES)[number], string>>;

/** What the address asks for, as the system takes it; times there are those of the reader's clock. */
export function filterOf({ state: wanted, from, to, ...rest }: Said): LetterFilter {
  const state = LETTER_STATES.find((one) => one === wanted);
  return { ...rest, ...(state === undefined ? {} : { state }), ...instant("from", from), ...instant("to", to) };
}

function instant(name: "from" | "to", local: string | undefined): { from?: string; to?: string } {
  const time = local === undefined ? Number.NaN : Date.parse(local);
  return Number.isNaN(time) ? {} : { [name]: new Date(time).toISOString() };
}

/** Some by their ids, or all that match. */
export type Chosen = { ids: string[] } | { filter: LetterFilter };

export interface Manner {
  batches: string;
  perSecond: string;
  stopOnFailure: "yes" | "no";
}

/** What is to be replayed, and how; `null` where the numbers are none. */
export function replayOf(chosen: Chosen, { batches, perSecond, stopOnFailure }: Manner): NewReplay | null {
  const sizes = batches
    .split(/[\s,;]+/)
    .filter((one) => one !== "")
    .map(Number);
  const rate = perSecond.trim() === "" ? null : Number(perSecond);
  const isWhole = (value: number) => Number.isInteger(value) && value >= 1;
  if (!sizes.every(isWhole) || (rate !== null && !(isWhole(rate) && rate <= 10_000))) {
    return null;
  }
  return {
    ...("ids" in chosen ? { ids: chosen.ids } : { selection: { ...chosen.filter, state: "waiting" } }),
    ...(sizes.length === 0 ? {} : { batches: sizes }),
    ...(rate === null ? {} : { per_second: rate }),
    stop_on_failure: stopOnFailure === "yes",
  };
}
