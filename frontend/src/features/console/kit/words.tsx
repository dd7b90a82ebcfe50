import { createContext, type ReactNode, use, useContext } from "react";
import { useLanguage } from "../../../shared/i18n/language";
import { type ConsoleWords, type Language, loadConsoleWords } from "../../../shared/i18n/messages";

const Spoken = createContext<ConsoleWords | null>(null);
const loaded = new Map<Language, Promise<ConsoleWords>>();

function wordsIn(language: Language): Promise<ConsoleWords> {
  const known = loaded.get(language) ?? loadConsoleWords(language);
  loaded.set(language, known);
  // What could not be loaded is asked for again by the next page.
  known.catch(() => loaded.delete(language));
  return known;
}

/** Gives the console its words, in the language of the shop around it. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const words = use(wordsIn(useLanguage().language));
  return <Spoken value={words}>{children}</Spoken>;
}

export function useWords(): ConsoleWords {
  const words = useContext(Spoken);
  if (words === null) {
    throw new Error("there is no WordsProvider around this");
  }
  return words;
}
