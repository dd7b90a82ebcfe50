import { useSyncExternalStore } from "react";

export type Scheme = "light" | "dark";

/**
 * The theme's colours that a canvas is drawn with. They are written here once more, since a browser that has just
 * changed its scheme still tells the colours of the one before; a test compares them with the theme.
 */
export const INKS = {
  line: { light: "#e2d9cb", dark: "#3b3630" },
  soft: { light: "#5d544a", dark: "#bdb2a5" },
  accent: { light: "#2b5d4f", dark: "#8fcbb2" },
  warn: { light: "#774b00", dark: "#f0c878" },
  danger: { light: "#a12d1c", dark: "#f4a797" },
  clay: { light: "#b0553a", dark: "#e59a7e" },
};

const DARK = "(prefers-color-scheme: dark)";

/** What is worn: as was chosen, else as the system has it. */
function schemeNow(): Scheme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") {
    return chosen;
  }
  return matchMedia(DARK).matches ? "dark" : "light";
}

/** Changes with the theme, whoever changed it. */
export function useScheme(): Scheme {
  return useSyncExternalStore(watchTheme, schemeNow);
}

function watchTheme(tell: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", tell);
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    query.removeEventListener("change", tell);
    chosen.disconnect();
  };
}
