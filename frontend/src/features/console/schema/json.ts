/** What JSON can say. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value, or `undefined` where the text is no JSON. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** As people read it, each number and string as it is written; what is no JSON stays as it is. */
export function pretty(text: string): string {
  if (parsed(text) === undefined) {
    return text;
  }
  const tokens = text.match(TOKENS) ?? [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const written = tokens.map((token, place) => {
    if (isBegin(token)) {
      depth += 1;
      return isEnd(tokens[place + 1]) ? token : token + line();
    }
    if (isEnd(token)) {
      depth -= 1;
      return isBegin(tokens[place - 1]) ? token : line() + token;
    }
    return token === "," ? token + line() : token === ":" ? ": " : token;
  });
  return written.join("");
}

function isBegin(token: string | undefined): boolean {
  return token === "{" || token === "[";
}

function isEnd(token: string | undefined): boolean {
  return token === "}" || token === "]";
}
