// Draw the picture: one group per card and per row, one path per link.

import { s } from "../core/dom.js";
import { iconPath } from "../core/kinds.js";
import { CARD, FONTS, headHeight, titleLines } from "./layout.js";
import { inWords, neighbors } from "./model.js";
import { truncateText } from "./text-width.js";

/** The lines below the cards. */
export function drawLines(model, layout) {
  return layout.lines.map(({ from, to, path }) => {
    const near = from === model.base || to === model.base;
    return s("path", { class: near ? "link is-near" : "link", d: path, "data-from": from, "data-to": to });
  });
}

/** The cards with their rows. The element of each asset has `data-guid` and can have the focus. */
export function drawCards(model, layout) {
  return model.cards.map((card) => {
    const box = layout.places.get(card.id);
    const attributes = card.node ? assetAttributes(model, card.node, "head") : { class: "head" };
    return s("g", { class: `card kind-${card.kind}`, transform: `translate(${box.x} ${box.y})` },
      s("g", attributes, drawHead(card, box)),
      card.rows.map((row, index) => drawRow(model, card, row, index, box)));
  });
}

function drawHead(card, box) {
  const height = headHeight(card);
  const middle = height / 2;
  const pill = card.kind === "process" && !card.rows.length;
  return [
    s("title", {}, card.node ? inWords(card.node) : card.title),
    s("rect", { class: "face", width: box.width, height: box.height, rx: pill ? height / 2 : 8 }),
    s("path", { class: "icon", d: iconPath(card.kind), transform: `translate(9 ${middle - 8})` }),
    ...drawTitles(card, middle, box.width - CARD.icon - CARD.end),
    card.rows.length > 0 && s("line", { class: "rule", x2: box.width, y1: height, y2: height }),
  ];
}

function drawTitles(card, middle, room) {
  const lines = titleLines(card).map((line) => ({ class: "title", line: truncateText(line, FONTS.title, room) }));
  if (card.subtitle) lines.push({ class: "subtitle", line: truncateText(card.subtitle, FONTS.subtitle, room) });
  const baselines = lines.length > 1 ? [middle - 4, middle + 14] : [middle + 5];
  return lines.map(({ class: name, line }, index) => s("text", { class: name, x: CARD.icon, y: baselines[index] }, line));
}

function drawRow(model, card, row, index, box) {
  const linked = (side) => neighbors(model, row.guid, side).length > 0;
  const middle = CARD.row / 2;
  const top = headHeight(card) + index * CARD.row;
  return s("g", { ...assetAttributes(model, row, "row"), transform: `translate(0 ${top})` },
    s("title", {}, inWords(row)),
    s("rect", { class: "face", x: 4, y: 2, width: box.width - 8, height: CARD.row - 2, rx: 5 }),
    s("text", { x: CARD.end, y: middle + 5 }, truncateText(row.name, FONTS.row, box.width - 2 * CARD.end + 8)),
    linked("to") && s("circle", { class: "port", cx: 0, cy: middle, r: 3 }),
    linked("from") && s("circle", { class: "port", cx: box.width, cy: middle, r: 3 }));
}

function assetAttributes(model, node, name) {
  const chosen = node.guid === model.base;
  const state = [node.status === "DELETED" && "is-archived", node.isPartial && "is-partial"];
  const classes = [name, "asset", chosen && "is-chosen", ...state];
  return {
    class: classes.filter(Boolean).join(" "),
    role: "link",
    tabindex: chosen ? 0 : -1,
    "data-guid": node.guid,
    "data-key": node.guid,
    "aria-label": spoken(model, node),
    "aria-current": chosen && "true",
  };
}

function spoken(model, node) {
  const count = (side) => neighbors(model, node.guid, side).length;
  const state = (node.status === "DELETED" ? ", archived" : "") + (node.isPartial ? ", partial" : "");
  return `${inWords(node)}${state}, ${count("to")} upstream, ${count("from")} downstream`;
}
