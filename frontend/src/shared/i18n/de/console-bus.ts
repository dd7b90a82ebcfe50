import type { ConsoleWords } from "../messages";

type Words = Pick<ConsoleWords, "services">;

export const bus: Words = {
  services: {
    title: "Dienste",
    lead: "Wen der Bus ruft: jede Instanz, ob sie bereit ist und bis wann ihre Pacht läuft.",
    empty: "Kein Dienst ist angemeldet",
    emptyHint: "Dienste melden sich beim Start selbst am Bus an.",
    columns: {
      name: "Dienst",
      instance: "Instanz",
      health: "Zustand",
      version: "Version",
      lease: "Pacht endet",
      docs: "Dokumente",
    },
    fixed: "Fest",
    ready: "Gesund",
    unready: "Gestört",
    openapi: "OpenAPI",
  },
};
