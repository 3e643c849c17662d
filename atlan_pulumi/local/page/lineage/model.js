// From the server's nodes and edges to what is drawn: cards, rows on them, and links between.
// A table or process is a card. At column level a column is a row on its table's card, and a
// ColumnProcess a row on its process's card.

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

/** The guid of the card that a node is on: its own, or its parent's. */
export function cardId(node) {
  return isRow(node) ? node.parent : node.guid;
}

/** A node in words: "Column ORDERS.ID", "Process Load orders". */
export function inWords(node) {
  const holder = node.typeName === "Column" ? `${holderName(node.qualifiedName)}.` : "";
  return `${typeWords(node.typeName)} ${holder}${node.name}`;
}

/** All guids from which `guid` comes or which come from it, itself included. */
export function pathThrough(model, guid) {
  return new Set([...reach(model.links, guid, "from", "to"), ...reach(model.links, guid, "to", "from")]);
}

/** The nodes one link before (`"to"`) or behind (`"from"`) a node. */
export function neighbours(model, guid, side) {
  const other = side === "to" ? "from" : "to";
  return model.links.filter((link) => link[side] === guid).map((link) => model.nodes.get(link[other]));
}

/** The same for an asset with all that is on its card: for a table at column level, what its columns come from. */
export function cardNeighbours(model, guid, side) {
  const card = model.cards.find((each) => each.id === guid);
  const inside = new Set([guid, ...(card?.rows.map((row) => row.guid) ?? [])]);
  const found = [...inside].flatMap((each) => neighbours(model, each, side));
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
    // The parent is not among the nodes: its name can still be read from its column's.
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
  // A column process stands where its columns stand, so that lines cross as little as they must.
  const weight = (row) => {
    const around = [...neighbours(model, row.guid, "from"), ...neighbours(model, row.guid, "to")];
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
