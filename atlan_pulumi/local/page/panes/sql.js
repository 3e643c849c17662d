// SQL highlighting with a simple tokenizer, independent of dialects.

import { h } from "../core/dom.js";

const KEYWORDS = new Set(
  ("all and any as asc between by case cast copy create cross delete desc distinct drop else end except exists false " +
    "first following from full group having if ilike in inner insert intersect into is join last lateral left like " +
    "limit matched merge not null nulls offset on or order outer over partition preceding qualify recursive replace " +
    "right row rows select set table temporary then true truncate unbounded union unique update using values view " +
    "when where window with").split(" "),
);

const TOKEN = /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>\b[A-Za-z_]\w*\b)/g;

/** The tokens of a text as `{kind, text}`: comment, string, number, keyword, or plain. Together, they are the whole text. */
export function tokens(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const kind = kindOf(match.groups);
    if (kind === "plain") continue;
    if (match.index > end) parts.push({ kind: "plain", text: text.slice(end, match.index) });
    parts.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "plain", text: text.slice(end) });
  return parts;
}

/** A scrolling block of SQL with keyboard focus. */
export function sqlBlock(text) {
  const words = tokens(text).map(({ kind, text: part }) => (kind === "plain" ? part : h("span", { class: `sql-${kind}` }, part)));
  return h("pre", { class: "sql", tabindex: 0, role: "region", "aria-label": "SQL" }, h("code", {}, words));
}

function kindOf({ comment, string, number, word }) {
  if (comment) return "comment";
  if (string) return "string";
  if (number) return "number";
  return KEYWORDS.has(word.toLowerCase()) ? "keyword" : "plain";
}
