import { parseXml } from "./xml-tree";

/** What a piece of text is, by which it is coloured. */
export type Kind = "name" | "text" | "number" | "word" | "mark" | "plain";

export interface Piece {
  kind: Kind;
  text: string;
}

const JSON_PIECES = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b|([{}[\],:])/g;
const XML_PIECES = /(<\/?[\w:.-]+|\/?>|<\?[^>]*\?>)|([\w:.-]+)(=)("[^"]*"|'[^']*')/g;
/** Longer texts stay plain, so that the page stays quick. */
const LENGTH_MAX = 100_000;

export function languageOf(contentType: string, text: string): "json" | "xml" | "plain" {
  if (/json/.test(contentType)) {
    return "json";
  }
  if (/xml/.test(contentType)) {
    return "xml";
  }
  return contentType === "" && /^\s*[{[]/.test(text) ? "json" : "plain";
}

export function pieces(text: string, language: "json" | "xml" | "plain"): Piece[] {
  if (language === "plain" || text.length > LENGTH_MAX) {
    return [{ kind: "plain", text }];
  }
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(language === "json" ? JSON_PIECES : XML_PIECES)) {
    if (match.index > end) {
      found.push({ kind: "plain", text: text.slice(end, match.index) });
    }
    found.push(...(language === "json" ? ofJson(match) : ofXml(match)));
    end = match.index + match[0].length;
  }
  return end < text.length ? [...found, { kind: "plain", text: text.slice(end) }] : found;
}

function ofJson([whole, string, colon, number, word]: RegExpMatchArray): Piece[] {
  if (string !== undefined) {
    return colon === undefined
      ? [{ kind: "text", text: string }]
      : [
          { kind: "name", text: string },
          { kind: "mark", text: colon },
        ];
  }
  return [{ kind: number !== undefined ? "number" : word !== undefined ? "word" : "mark", text: whole }];
}

function ofXml([whole, tag, name, equals, value]: RegExpMatchArray): Piece[] {
  if (tag !== undefined) {
    return [{ kind: "name", text: whole }];
  }
  return [
    { kind: "word", text: name ?? "" },
    { kind: "mark", text: equals ?? "" },
    { kind: "text", text: value ?? "" },
  ];
}

/** XML with a line for each element, as people read it; what is no XML stays as it is. */
export function prettyXml(text: string): string {
  if (parseXml(text) === undefined) {
    return text;
  }
  let depth = 0;
  const parts = text.replace(/>\s+</g, "><").match(/<[^>]+>[^<]*/g) ?? [];
  const lines: string[] = [];
  for (const part of parts) {
    if (part.startsWith("</")) {
      depth -= 1;
      const last = lines.at(-1) ?? "";
      const opened = part.replace(/^<\/([^>\s]+)>.*/s, "<$1");
      if (last.trimStart().startsWith(opened) && !last.includes("</")) {
        lines[lines.length - 1] = last + part.trimEnd();
        continue;
      }
    }
    lines.push("  ".repeat(Math.max(depth, 0)) + part.trimEnd());
    depth += /^<[^/?!][^>]*[^/]>|^<[^/?!]>/.test(part) ? 1 : 0;
  }
  return lines.join("\n");
}
