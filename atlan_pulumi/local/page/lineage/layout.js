// Layout: dagre ranks the cards from left to right. Positions of rows and lines follow from that.

import { Graph, layout as runDagre } from "../vendor/dagre.esm.js";
import { cardId } from "./model.js";
import { textWidth } from "./text-width.js";

/** The sizes of a card and its parts in CSS pixels at zoom 1. */
export const CARD = { head: 46, pill: 34, row: 24, foot: 6, icon: 30, end: 11, min: 90, max: 216 };
/** Weight and size of the texts of a card, as in the style sheet. */
export const FONTS = { title: "600 13px", row: "400 12px", subtitle: "400 10.5px" };

const GAPS = { rankdir: "LR", nodesep: 14, edgesep: 8, ranksep: 32, marginx: 0, marginy: 0 };

/**
 * `{places: Map guid→{x, y, width, height}, lines: [{from, to, path}], width, height}`. The keys are the ids of
 * cards and the guids of rows. x and y are the top left corner.
 */
export function layOut(model) {
  const graph = new Graph().setGraph({ ...GAPS });
  for (const card of model.cards) graph.setNode(card.id, sizeOf(card));
  for (const link of model.links) {
    const { from, to } = cardsOf(model, link);
    if (from !== to) graph.setEdge(from, to, {});
  }
  runDagre(graph);
  const places = placesOf(model, graph);
  const lines = model.links.map((link) => ({ ...link, path: linePath(model, graph, places, link) }));
  const { width, height } = graph.graph();
  return { places, lines, width, height };
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
    CARD.icon + Math.min(textWidth(card.subtitle, FONTS.subtitle), 130),
    ...card.rows.map((row) => CARD.end + textWidth(row.name, FONTS.row)),
  ];
  const width = Math.min(CARD.max, Math.max(CARD.min, Math.ceil(Math.max(...widths)) + CARD.end));
  const rows = card.rows.length ? card.rows.length * CARD.row + CARD.foot : 0;
  return { width, height: headHeight(card) + rows };
}

function cardsOf(model, link) {
  return { from: cardId(model.nodes.get(link.from)), to: cardId(model.nodes.get(link.to)) };
}

function placesOf(model, graph) {
  const places = new Map();
  for (const card of model.cards) {
    const { x, y, width, height } = graph.node(card.id);
    const corner = { x: x - width / 2, y: y - height / 2 };
    const head = headHeight(card);
    places.set(card.id, { ...corner, width, height, port: corner.y + head / 2 });
    card.rows.forEach((row, index) => {
      const top = corner.y + head + index * CARD.row;
      places.set(row.guid, { x: corner.x, y: top, width, height: CARD.row, port: top + CARD.row / 2 });
    });
  }
  return places;
}

function linePath(model, graph, places, link) {
  const { from, to } = cardsOf(model, link);
  const [start, end] = [places.get(link.from), places.get(link.to)];
  const points = from === to ? [] : passages(graph, graph.edge(from, to).points);
  return curve([{ x: start.x + start.width, y: start.port }, ...points, { x: end.x, y: end.port }]);
}

// dagre returns the points of a line at every half rank. Points at whole ranks (every second one) are between
// other cards. There, the line is horizontal for the width of the rank, so that it does not touch them.
function passages(graph, points) {
  const inner = points.slice(1, -1).filter((_, index) => index % 2 === 1);
  const direction = points[0].x <= points.at(-1).x ? 1 : -1;
  return inner.flatMap(({ x, y }) => {
    const half = direction * halfWidthAt(graph, x);
    return [{ x: x - half, y }, { x: x + half, y }];
  });
}

function halfWidthAt(graph, x) {
  const nodes = graph.nodes().map((id) => graph.node(id));
  return Math.max(0, ...nodes.filter((node) => Math.abs(node.x - x) < 1).map((node) => node.width / 2));
}

function curve([first, ...rest]) {
  let path = `M${round(first.x)} ${round(first.y)}`;
  let last = first;
  for (const point of rest) {
    path += segment(last, point);
    last = point;
  }
  return path;
}

function segment(from, to) {
  if (from.y === to.y && to.x > from.x) return `H${round(to.x)}`;
  const bend = to.x > from.x ? (to.x - from.x) / 2 : 60;
  const [left, right] = [round(from.x + bend), round(to.x - bend)];
  return `C${left} ${round(from.y)} ${right} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
