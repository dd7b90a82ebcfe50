// Lighthouse on the shop's first page, a product and the checkout of a signed-in shopper. The median of some runs counts.
// STOREFRONT_URL says where the shop is, which must have something in stock. Speed is judged on a quiet machine only.
import desktopConfig from "lighthouse/core/config/desktop-config.js";
import lighthouse from "lighthouse/core/index.js";
import puppeteer from "puppeteer-core";

const RUNS = Number(process.env.RUNS ?? 3);
/** What Lighthouse says of a machine; below it, speed says more of the machine than of the pages. */
const QUIET = 1_000;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const PROFILES = { desktop: { config: desktopConfig, least: 95 }, phone: { config: undefined, least: 90 } };

const shop = process.env.STOREFRONT_URL;
if (shop === undefined) {
  throw new Error("STOREFRONT_URL is not set; `cargo xtask up` writes it to .local/env");
}
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
  ],
});
const page = await browser.newPage();
let isGood = true;
try {
  for (const path of ["/", await product(), await checkout()]) {
    for (const profile of Object.keys(PROFILES)) {
      isGood = (await judge(path, profile)) && isGood;
    }
  }
} finally {
  await browser.close();
}
process.exitCode = isGood ? 0 : 1;

async function judge(path, profile) {
  const { config, least } = PROFILES[profile];
  const flags = { disableStorageReset: true, onlyCategories: CATEGORIES, logLevel: "error" };
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    runs.push((await lighthouse(shop + path, flags, config, page)).lhr);
  }
  const isQuiet = median(runs.map(({ environment }) => environment.benchmarkIndex)) > QUIET;
  const scores = CATEGORIES.map((name) => [
    name,
    Math.round(100 * median(runs.map((run) => run.categories[name].score))),
  ]);
  const low = scores.filter(([name, score]) => score < least && (isQuiet || name !== "performance"));
  const shown = scores.map(([name, score]) => `${name} ${score}`).join(", ");
  console.log(
    `${low.length === 0 ? "✓" : "✗"} ${path} (${profile}): ${shown}${isQuiet ? "" : "; the machine is busy"}`,
  );
  for (const [name] of low) {
    const audits = runs[0].categories[name].auditRefs.map(({ id }) => runs[0].audits[id]);
    console.log(
      audits
        .filter(({ score }) => score !== null && score < 0.9)
        .map(({ title }) => `    ${title}`)
        .join("\n"),
    );
  }
  return low.length === 0;
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

/** The first that is in stock. */
async function product() {
  const { items } = await (await fetch(`${shop}/api/products?limit=100`)).json();
  return `/products/${items.find(({ stock }) => stock > 0).id}`;
}

/** With a session and a cart, as somebody who is about to buy has them. */
async function checkout() {
  await page.goto(`${shop}/register`);
  await page.locator("input[name=name]").fill("Ada Lovelace");
  await page.locator("input[name=email]").fill(`${crypto.randomUUID()}@example.org`);
  await page.locator("input[name=password]").fill("correct horse battery");
  await Promise.all([page.waitForSelector("article"), page.locator("main button[type=submit]").click()]);
  await page.goto(shop + (await product()));
  await page.locator("main div.flex > button").click();
  await page.waitForSelector("header a[href='/cart'] span");
  return "/checkout";
}
