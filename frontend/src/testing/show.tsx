import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { newQueries } from "../app/queries";
import { en } from "../shared/i18n/en";
import { LanguageProvider } from "../shared/i18n/language";

/** Shows a part of a page with what is around every page. */
export function show(part: ReactNode) {
  const queries = newQueries();
  render(
    <QueryClientProvider client={queries}>
      <LanguageProvider language="en" messages={en}>
        <MemoryRouter>{part}</MemoryRouter>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return queries;
}
