// Layout: dagre ranks the cards from left to right. Positions of rows and lines follow from that.

import { Graph, layout as runDagre } from "../vendor/dagre.esm.js";
import { bandsOf, sizeOfBands } from "./fold.js";
import { bandAt, linesOf } from "./lines.js";
import { cardId } from "./model.js";
import { textWidth } from "./text-width.js";

/** The sizes of a card and its parts in CSS pixels at zoom 1. */
export const CARD = { head: 50, pill: 36, row: 26, foot: 6, icon: 30, end: 11, min: 90, max: 240 };
/** Weight and size of the texts of a card, as in the style sheet. */
export const FONTS = { title: "600 14px", row: "400 13px", subtitle: "400 12px" };

const GAPS = { rankdir: "LR", nodesep: 14, edgesep: 8, ranksep: 32, marginx: 0, marginy: 0 };

/** The cards of a model in the graph of dagre, with their positions in one band. */
export function rank(model) {
  const graph = new Graph().setGraph({ ...GAPS });
  for (const card of model.cards) graph.setNode(card.id, sizeOf(card));
  for (const link of model.links) {
    const { from, to } = cardsOf(model, link);
    if (from !== to) graph.setEdge(from, to, {});
  }
  runDagre(graph);
  return graph;
}

/**
 * `{places: Map guid→{x, y, width, height}, lines: [{from, to, path}], width, height}`. The keys are the ids of
 * cards and the guids of rows. x and y are the top left corner. With `room`, the size of the pane, a picture that is
 * too wide is folded.
 */
export function layOut(model, room = null, graph = rank(model)) {
  const ranks = ranksOf(graph);
  const bands = bandsOf(ranks, crossingsOf(model, graph, ranks), room);
  const places = placesOf(model, graph, bands);
  return { places, lines: linesOf(model, graph, places, bands), ...sizeOfBands(bands) };
}

/** The height of a card above its rows. */
export function headHeight(card) {
  return card.subtitle || titleLines(card).length > 1 ? CARD.head : CARD.pill;
}

/** The title of a card in one line. Long titles of processes have two lines to save width. */
export function titleLines(card) {
  const words = card.title.split(" ");
  if (card.kind !== "process" || words.length < 2 || textWidth(card.title, FONTS.title) < 90) return [card.title];
  const breaks = words.slice(1).map((_, index) => [words.slice(0, index + 1).join(" "), words.slice(index + 1).join(" ")]);
  return breaks.reduce((best, each) => (longest(each) < longest(best) ? each : best));
}

function longest(lines) {
  return Math.max(...lines.map((line) => textWidth(line, FONTS.title)));
}

function sizeOf(card) {
  const widths = [
    CARD.icon + longest(titleLines(card)),
    CARD.icon + Math.min(textWidth(card.subtitle, FONTS.subtitle), 150),
    ...card.rows.map((row) => CARD.end + textWidth(row.name, FONTS.row)),
  ];
  const width = Math.min(CARD.max, Math.max(CARD.min, Math.ceil(Math.max(...widths)) + CARD.end));
  const rows = card.rows.length ? card.rows.length * CARD.row + CARD.foot : 0;
  return { width, height: headHeight(card) + rows };
}

function cardsOf(model, link) {
  return { from: cardId(model.nodes.get(link.from)), to: cardId(model.nodes.get(link.to)) };
}

// The cards of a rank have the same center. Lines that pass between them belong to its height.
function ranksOf(graph) {
  const ranks = new Map();
  const add = (x, left, right, top, bottom) => {
    const key = Math.round(x);
    const known = ranks.get(key) ?? { x, left, right, top, bottom };
    ranks.set(key, {
      x,
      left: Math.min(known.left, left), right: Math.max(known.right, right),
      top: Math.min(known.top, top), bottom: Math.max(known.bottom, bottom),
    });
  };
  for (const { x, y, width, height } of graph.nodes().map((id) => graph.node(id))) {
    add(x, x - width / 2, x + width / 2, y - height / 2, y + height / 2);
  }
  for (const { x, y } of graph.edges().flatMap((edge) => graph.edge(edge).points)) {
    if (ranks.has(Math.round(x))) add(x, x, x, y, y);
  }
  return [...ranks.values()].sort((left, right) => left.x - right.x);
}

// The number of links across the gap after each rank. A link backwards cannot change the band.
function crossingsOf(model, graph, ranks) {
  const index = new Map(ranks.map((each, position) => [Math.round(each.x), position]));
  const counts = ranks.map(() => 0);
  for (const link of model.links) {
    const { from, to } = cardsOf(model, link);
    const [start, end] = [from, to].map((id) => index.get(Math.round(graph.node(id).x)));
    for (let gap = Math.min(start, end); gap < Math.max(start, end); gap += 1) counts[gap] += start < end ? 1 : Infinity;
  }
  return counts;
}

function placesOf(model, graph, bands) {
  const places = new Map();
  for (const card of model.cards) {
    const { x, y, width, height } = graph.node(card.id);
    const band = bandAt(bands, x);
    const { dx, dy } = bands[band];
    const corner = { x: x - width / 2 + dx, y: y - height / 2 + dy };
    const head = headHeight(card);
    places.set(card.id, { ...corner, width, height, band, port: corner.y + head / 2 });
    card.rows.forEach((row, index) => {
      const top = corner.y + head + index * CARD.row;
      places.set(row.guid, { x: corner.x, y: top, width, height: CARD.row, band, port: top + CARD.row / 2 });
    });
  }
  return places;
}
