import { setupServer } from "msw/node";

/** Answers in place of the system; each test says what. */
export const server = setupServer();

/** Where the pages look for the system. */
export const at = (path: string): string => `${location.origin}/api${path}`;
