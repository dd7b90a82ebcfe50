import type { en } from "./en";

/** All that the pages say; every language has each of it. */
export type Messages = typeof en;
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
