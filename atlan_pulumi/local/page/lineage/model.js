// Convert nodes and edges from the server to cards, rows, and links.
// A table or process is a card. At column level, a column is a row on the card of its table, and a
// ColumnProcess is a row on the card of its process.

import { isColumnLevel, kindOf } from "../core/kinds.js";
import { holderName, place, typeWords } from "../core/names.js";

/** `{base, nodes: Map guid→node, cards: [{id, node, kind, title, subtitle, rows}], links: [{from, to}]}`, in a stable order. */
export function buildModel(graph) {
  const nodes = new Map([...graph.nodes].sort(byName).map((node) => [node.guid, node]));
  const cards = new Map();
  for (const node of nodes.values()) {
    if (!isRow(node)) cards.set(node.guid, ownCard(node));
  }
  for (const node of nodes.values()) {
    if (isRow(node)) cardOfRow(cards, node).rows.push(node);
  }
  const links = graph.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to)).sort(byEnds);
  const model = { base: graph.base, nodes, cards: [...cards.values()], links };
  orderRows(model);
  return model;
}

/** The guid of the card of a node: of the node itself, or of its parent. */
export function cardId(node) {
  return isRow(node) ? node.parent : node.guid;
}

/** The type and name of a node: "Column ORDERS.ID", "Process Load orders". */
export function inWords(node) {
  const holder = node.typeName === "Column" ? `${holderName(node.qualifiedName)}.` : "";
  return `${typeWords(node.typeName)} ${holder}${node.name}`;
}

/** All guids upstream and downstream of `guid`, and `guid` itself. */
export function pathThrough(model, guid) {
  return new Set([...reach(model.links, guid, "from", "to"), ...reach(model.links, guid, "to", "from")]);
}

/** The next nodes upstream (`"to"`) or downstream (`"from"`) of a node. */
export function neighbors(model, guid, side) {
  const other = side === "to" ? "from" : "to";
  return model.links.filter((link) => link[side] === guid).map((link) => model.nodes.get(link[other]));
}

/** The next nodes of an asset and the rows of its card: at column level, of the columns of a table. */
export function cardNeighbors(model, guid, side) {
  const card = model.cards.find((each) => each.id === guid);
  const inside = new Set([guid, ...(card?.rows.map((row) => row.guid) ?? [])]);
  const found = [...inside].flatMap((each) => neighbors(model, each, side));
  return [...new Set(found)].filter((node) => !inside.has(node.guid));
}

function isRow(node) {
  return isColumnLevel(node.typeName) && Boolean(node.parent);
}

function ownCard(node) {
  return { id: node.guid, node, kind: kindOf(node.typeName), title: node.name, subtitle: node.isProcess ? "" : place(node), rows: [] };
}

function cardOfRow(cards, node) {
  if (!cards.has(node.parent)) {
    // The parent is not loaded. The qualifiedName of the column contains its name.
    const title = node.isProcess ? "Process" : holderName(node.qualifiedName);
    const kind = node.isProcess ? "process" : "table";
    cards.set(node.parent, { id: node.parent, node: null, kind, title, subtitle: "", rows: [] });
  }
  return cards.get(node.parent);
}

function orderRows(model) {
  const index = new Map();
  for (const card of model.cards.filter((each) => each.kind !== "process")) {
    card.rows.sort((left, right) => order(left) - order(right) || byName(left, right));
    card.rows.forEach((row, position) => index.set(row.guid, position));
  }
  // Column processes are in the order of their columns, so that few lines cross.
  const weight = (row) => {
    const around = [...neighbors(model, row.guid, "from"), ...neighbors(model, row.guid, "to")];
    const positions = around.map((node) => index.get(node.guid) ?? 0);
    return positions.length ? positions.reduce((sum, each) => sum + each, 0) / positions.length : 0;
  };
  for (const card of model.cards.filter((each) => each.kind === "process")) {
    const weights = new Map(card.rows.map((row) => [row.guid, weight(row)]));
    card.rows.sort((left, right) => weights.get(left.guid) - weights.get(right.guid) || byName(left, right));
  }
}

function order(node) {
  const value = Number(node.attributes?.order);
  return value > 0 ? value : Infinity;
}

function reach(links, start, side, other) {
  const next = new Map();
  for (const link of links) next.set(link[side], [...(next.get(link[side]) ?? []), link[other]]);
  const seen = new Set([start]);
  const waiting = [start];
  while (waiting.length) {
    for (const guid of next.get(waiting.pop()) ?? []) {
      if (!seen.has(guid)) {
        seen.add(guid);
        waiting.push(guid);
      }
    }
  }
  return seen;
}

function byName(left, right) {
  return compare(left.qualifiedName, right.qualifiedName) || compare(left.guid, right.guid);
}

function byEnds(left, right) {
  return compare(left.from, right.from) || compare(left.to, right.to);
}

function compare(left = "", right = "") {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
