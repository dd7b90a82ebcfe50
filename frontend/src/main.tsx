import "@fontsource-variable/fraunces/wght.css";
import "@fontsource-variable/inter/wght.css";
import "./theme.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Pages } from "./app/pages";
import { newQueries } from "./app/queries";
import { LanguageProvider } from "./shared/i18n/language";
import { loadMessages, preferredLanguage } from "./shared/i18n/messages";
import { session } from "./shared/session/session";
import { keptTheme, wear } from "./shared/ui/theme";
import { ToastProvider } from "./shared/ui/toast";

wear(keptTheme());
void session.restore();
const language = preferredLanguage();
document.documentElement.lang = language;
const messages = await loadMessages(language);
const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no #root");
}
createRoot(root).render(
  <QueryClientProvider client={newQueries()}>
    <LanguageProvider language={language} messages={messages}>
      <BrowserRouter>
        <ToastProvider>
          <Pages />
        </ToastProvider>
      </BrowserRouter>
    </LanguageProvider>
  </QueryClientProvider>,
);
