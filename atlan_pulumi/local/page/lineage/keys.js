// Move with arrow keys: left and right along the lineage, up and down in a column of cards.

import { neighbors } from "./model.js";

const SIDES = { ArrowLeft: "to", ArrowRight: "from" };
const PEERS = { ArrowUp: -1, ArrowDown: 1 };

/** The guid that an arrow key moves to, or null. */
export function step(model, layout, guid, key) {
  if (key in SIDES) return nearest(model, layout, guid, SIDES[key]);
  if (key in PEERS) return peer(model, layout, guid, PEERS[key]);
  return null;
}

/** The center of an asset in the picture. */
export function middle(layout, guid) {
  const { x, y, width, height } = layout.places.get(guid);
  return { x: x + width / 2, y: y + height / 2 };
}

function nearest(model, layout, guid, side) {
  const here = middle(layout, guid);
  const away = (node) => Math.hypot(middle(layout, node.guid).x - here.x, middle(layout, node.guid).y - here.y);
  const [next] = neighbors(model, guid, side).sort((left, right) => away(left) - away(right));
  return next?.guid ?? null;
}

function peer(model, layout, guid, direction) {
  const across = (other) => Math.abs(middle(layout, other).x - middle(layout, guid).x) < 30;
  const top = (other) => layout.places.get(other).y;
  const column = [...model.nodes.keys()].filter(across).sort((left, right) => top(left) - top(right));
  return column[column.indexOf(guid) + direction] ?? null;
}
