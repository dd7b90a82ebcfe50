import { useState } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = "theme";

export function keptTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(KEPT)) ?? "system";
}

/** The style sheet does the rest. */
export function wear(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

export function useTheme() {
  const [theme, become] = useState(keptTheme);
  const choose = (next: Theme) => {
    localStorage.setItem(KEPT, next);
    wear(next);
    become(next);
  };
  return { theme, choose };
}
