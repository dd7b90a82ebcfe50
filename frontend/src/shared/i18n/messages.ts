import type { en } from "./en";
import type { words } from "./en/console";

/** All that the pages say; every language has each of it. */
export type Messages = typeof en;
/** All that the operators' console says besides. */
export type ConsoleWords = typeof words;
export type Language = "en" | "de";

export const LANGUAGES: { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
];

const KEPT = "language";

/** What was chosen before, else what the browser asks for. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  const wanted = kept === null ? navigator.language : kept;
  return wanted.toLowerCase().startsWith("de") ? "de" : "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
}

/** Only the language that is read is loaded. */
export async function loadMessages(language: Language): Promise<Messages> {
  switch (language) {
    case "en":
      return (await import("./en")).en;
    case "de":
      return (await import("./de")).de;
    default:
      return language satisfies never;
  }
}

/** What only operators read is loaded for them alone. */
export async function loadConsoleWords(language: Language): Promise<ConsoleWords> {
  switch (language) {
    case "en":
      return (await import("./en/console")).words;
    case "de":
      return (await import("./de/console")).words;
    default:
      return language satisfies never;
  }
}
