import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
/** As wide as a page is when it is magnified four times. */
const NARROWEST = { width: 320, height: 640 };
const SCHEMES = ["light", "dark"] as const;

/** Judges what is on the screen, wide and phone, light and dark; the pictures are for people to look at. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await settled(page);
      await page.screenshot({ path: `.tmp/screens/${name}-${size}-${colorScheme}.png`, fullPage: true });
      // What depends on the colours was judged in the other size.
      if (size === "phone" && colorScheme === "dark") {
        continue;
      }
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
      expect(said, `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    await fits(page, `${name}, ${size}`);
  }
  await page.setViewportSize(NARROWEST);
  await fits(page, `${name}, narrowest`);
}

async function fits(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(overflow, `${what}: wider than the screen`).toBeLessThanOrEqual(0);
}

/** Pictures and fonts are there, and nothing is on its way from one colour to another. */
async function settled(page: Page): Promise<void> {
  // What is drawn by hand says in which ink, and is drawn again for other colours. To ask for a colour instead while
  // the scheme changes gets that of the scheme before, and leaves parts of the page in it.
  await page.waitForFunction(() => {
    const ink = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const drawn = [...document.querySelectorAll<HTMLElement>("[data-ink]")];
    return drawn.every(({ dataset }) => dataset.ink === ink);
  });
  await page.evaluate(async () => {
    for (const image of document.images) {
      image.loading = "eager";
    }
    scrollTo({ top: 0, behavior: "instant" });
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  });
}
