import { defineConfig } from "@playwright/test";

const baseURL = process.env.STOREFRONT_URL;
if (baseURL === undefined) {
  throw new Error("STOREFRONT_URL is not set: `cargo xtask e2e` starts a system and sets it");
}

/** Whatever is awaited may take so long: nothing here says how quick a machine is. */
const PATIENCE_MS = 60_000;

export default defineConfig({
  testDir: "e2e",
  outputDir: ".tmp/results",
  timeout: 15 * PATIENCE_MS,
  expect: { timeout: PATIENCE_MS },
  workers: 1,
  reporter: [["list"]],
  use: {
    baseURL,
    locale: "en-GB",
    actionTimeout: PATIENCE_MS,
    navigationTimeout: PATIENCE_MS,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
