import { expect, test } from "vitest";

const LINES_MAX = 200;
const sources = import.meta.glob<string>("./**/*.{ts,tsx,css}", { query: "?raw", import: "default", eager: true });
const own = Object.entries(sources).filter(([path]) => !path.endsWith("schema.d.ts"));

/** Which part of the program a file is in: a feature by its name, or `shared`, `app` and so on. */
function part(path: string): string {
  return /^\.\/features\/([^/]+)/.exec(path)?.[1] ?? /^\.\/([^/]+)\//.exec(path)?.[1] ?? "root";
}

function imports(path: string, text: string): string[] {
  const base = new URL(path, "file:///src/");
  const named = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, target]) => new URL(target ?? "", base));
  return named.map(({ pathname }) => pathname.replace(/^\/src\//, "./"));
}

test("arrows go from app to features to shared, never sideways", () => {
  const may: Record<string, string[]> = { shared: ["shared"], testing: ["shared", "app"] };
  for (const [path, text] of own.filter(([path]) => !path.includes(".test."))) {
    const from = part(path);
    const allowed = from === "app" || from === "root" ? null : (may[from] ?? [from, "shared"]);
    const wrong = imports(path, text).filter(
      (target) => allowed !== null && ![...allowed, from].includes(part(target)),
    );
    expect(wrong, path).toEqual([]);
  }
});

test("files are short", () => {
  const long = own.filter(([, text]) => text.split("\n").length > LINES_MAX).map(([path]) => path);
  expect(long).toEqual([]);
});
