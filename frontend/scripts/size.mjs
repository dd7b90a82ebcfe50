// Weighs what a browser loads first, and each page that comes later, as gzip packs it; fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1_000;
const FIRST_MAX = 150 * KB;
const PAGE_MAX = 40 * KB;
const CONSOLE_MAX = 45 * KB;
/** The live map and the charts draw with libraries of their own. */
const DRAWN_MAX = 110 * KB;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const weight = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

function withImports(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) {
      withImports(next, seen);
    }
  }
  return seen;
}

function most(key) {
  if (/console\/(map|charts)\//.test(key)) {
    return DRAWN_MAX;
  }
  return key.includes("console") ? CONSOLE_MAX : PAGE_MAX;
}

const sum = (keys) => [...keys].reduce((total, key) => total + weight(manifest[key].file), 0);
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = withImports(entry);
const language = Object.keys(manifest).filter((key) => /i18n\/(en|de)\/index/.test(key));
const heaviest = Math.max(...language.map((key) => weight(manifest[key].file)));
const rows = [["first load, with a language", sum(first) + heaviest, FIRST_MAX]];
for (const [key, { isDynamicEntry }] of Object.entries(manifest)) {
  if (isDynamicEntry && !language.includes(key)) {
    const own = [...withImports(key)].filter((one) => !first.has(one));
    rows.push([key.replace(/^src\//, ""), sum(own), most(key)]);
  }
}
let isGood = true;
for (const [name, bytes, max] of rows) {
  isGood &&= bytes <= max;
  console.log(
    `${bytes <= max ? "✓" : "✗"} ${name.padEnd(44)} ${(bytes / KB).toFixed(1).padStart(7)} kB of ${max / KB}`,
  );
}
process.exitCode = isGood ? 0 : 1;
