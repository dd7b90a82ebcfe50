import { createContext, type ReactNode, useContext, useState } from "react";
import { formatter } from "./format";
import { keepLanguage, type Language, loadMessages, type Messages } from "./messages";

interface Speech {
  language: Language;
  messages: Messages;
  speak: (language: Language) => Promise<void>;
}

const Spoken = createContext<Speech | null>(null);

interface Props {
  language: Language;
  messages: Messages;
  children: ReactNode;
}

/** Gives the pages their words; the first language is loaded before the first page shows. */
export function LanguageProvider({ language, messages, children }: Props) {
  const [now, become] = useState({ language, messages });
  const speak = async (next: Language) => {
    const loaded = await loadMessages(next);
    keepLanguage(next);
    document.documentElement.lang = next;
    become({ language: next, messages: loaded });
  };
  return <Spoken value={{ ...now, speak }}>{children}</Spoken>;
}

export function useLanguage(): Speech {
  const speech = useContext(Spoken);
  if (speech === null) {
    throw new Error("there is no LanguageProvider around this");
  }
  return speech;
}

export function useMessages(): Messages {
  return useLanguage().messages;
}

export function useFormat() {
  return formatter(useLanguage().language);
}
