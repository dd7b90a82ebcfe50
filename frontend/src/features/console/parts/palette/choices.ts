import type { ConsoleWords } from "../../../../shared/i18n/messages";
import { isId } from "../../data/pages";
import { SCREENS } from "../../screens";

/** Somewhere to go. */
export interface Choice {
  to: string;
  word: string;
  /** Where it belongs, or what of it is shown. */
  note: string;
}

type Kind = keyof ConsoleWords["palette"]["ids"];

/** An id does not say of what it is. */
const PATHS: Record<Kind, (id: string) => string> = {
  order: (id) => `orders/${id}`,
  orderSaga: (id) => `sagas?subject=${id}`,
  saga: (id) => `sagas/${id}`,
  customer: (id) => `customers/${id}`,
  letter: (id) => `dead-letters/${id}`,
  message: (id) => `messages/${id}`,
};

/** What a text may mean: an id of something, or screens by a part of their name. */
export function choicesFor(text: string, words: ConsoleWords): Choice[] {
  const wanted = text.trim().toLowerCase();
  return isId(wanted) ? things(wanted, words) : screens(wanted, words);
}

function things(id: string, { palette }: ConsoleWords): Choice[] {
  const kinds = Object.keys(PATHS) as Kind[];
  return kinds.map((kind) => ({
    to: `/console/${PATHS[kind](id)}`,
    word: palette.ids[kind],
    note: `…${id.slice(-8)}`,
  }));
}

function screens(wanted: string, { screens: names, frame }: ConsoleWords): Choice[] {
  const all = SCREENS.flatMap(({ path, nav }) =>
    nav === undefined ? [] : [{ to: `/console/${path}`, word: names[nav.label], note: frame.groups[nav.group] }],
  );
  const found = all.filter(({ word }) => word.toLowerCase().includes(wanted));
  // Who types the beginning of a name means that one.
  const begins = ({ word }: Choice) => Number(word.toLowerCase().startsWith(wanted));
  return found.sort((a, b) => begins(b) - begins(a));
}
