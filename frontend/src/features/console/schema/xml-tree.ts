/** An element of a document, as far as a form needs to know it. */
export interface XmlElement {
  /** Without its prefix. */
  name: string;
  isNil: boolean;
  children: XmlElement[];
  text: string;
}

const NAME = "[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?";
const ATTRIBUTES = `(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*`;
const TOKEN = new RegExp(
  `<!--[\\s\\S]*?-->|<\\?[\\s\\S]*?\\?>|<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|<(${NAME})(${ATTRIBUTES})\\s*(/?)>|</(${NAME})\\s*>|([^<]+)`,
  "y",
);
const NIL = /\bnil\s*=\s*["'](?:true|1)["']/;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads a document; `undefined` where it is none. The browser's own reader takes only what the page's policy trusts,
 * and nothing that an operator types should have to be trusted.
 */
export function parseXml(text: string): XmlElement | undefined {
  const top: XmlElement = { name: "", isNil: false, children: [], text: "" };
  const open: { element: XmlElement; written: string }[] = [{ element: top, written: "" }];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null || !take(found, open)) {
      return undefined;
    }
    at = TOKEN.lastIndex;
  }
  const isWhole = open.length === 1 && top.children.length === 1 && top.text.trim() === "";
  return isWhole ? top.children[0] : undefined;
}

/** Whether the piece can stand where it stands. */
function take(found: RegExpExecArray, open: { element: XmlElement; written: string }[]): boolean {
  const [, cdata, start, attributes = "", isEmpty, end, text] = found;
  const inside = open.at(-1);
  if (inside === undefined) {
    return false;
  }
  if (end !== undefined) {
    return open.length > 1 && open.pop()?.written === end;
  }
  if (start !== undefined) {
    const element = { name: start.replace(/^.*:/, ""), isNil: NIL.test(attributes), children: [], text: "" };
    inside.element.children.push(element);
    if (isEmpty === "") {
      open.push({ element, written: start });
    }
    return true;
  }
  const said = cdata ?? (text === undefined ? "" : unescaped(text));
  inside.element.text += said ?? "";
  return said !== null;
}

/** `null` where an ampersand begins nothing that is known. */
function unescaped(text: string): string | null {
  let isRight = true;
  const said = text.replace(/&(#x[\da-fA-F]+;|#\d+;|\w+;|)/g, (_, reference: string) => {
    const known = characterOf(reference.replace(/;$/, ""));
    isRight &&= known !== undefined;
    return known ?? "";
  });
  return isRight ? said : null;
}

function characterOf(reference: string): string | undefined {
  if (!reference.startsWith("#")) {
    return ENTITIES[reference];
  }
  const code = reference.startsWith("#x") ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
