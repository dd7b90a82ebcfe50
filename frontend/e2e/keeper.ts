import type { Page } from "@playwright/test";
import { expect } from "./shop";

/** The operator signs in by the page, and is in the console. */
export async function enterConsole(page: Page, path = ""): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(`/console/${path}`)}`);
  await page.getByLabel("E-mail").fill(process.env.OPERATOR_EMAIL ?? "");
  await page.getByLabel("Password", { exact: true }).fill(process.env.OPERATOR_PASSWORD ?? "");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Console" })).toBeAttached();
}
