// The paths of the links: curves between cards, and around the end of a band to the next one.

import { LANE } from "./fold.js";
import { cardId } from "./model.js";

const RADIUS = 6;

/** `[{from, to, path}]` for the links of a model, with the places and the bands of its cards. */
export function linesOf(model, graph, places, bands) {
  const routes = model.links.map((link) => waypoints(model, graph, places, bands, link));
  const lanes = bands.slice(1).map((_, index) => lanesAfter(index, routes));
  return model.links.map((link, index) => {
    const wrap = (from, to) => wrapped(bands, lanes[from.band], index, from, to);
    return { ...link, path: curve(routes[index], wrap) };
  });
}

function waypoints(model, graph, places, bands, link) {
  const [from, to] = [link.from, link.to].map((guid) => cardId(model.nodes.get(guid)));
  const [start, end] = [places.get(link.from), places.get(link.to)];
  const inner = from === to ? [] : passages(graph, graph.edge(from, to).points, bands);
  return [{ x: start.x + start.width, y: start.port, band: start.band }, ...inner, { x: end.x, y: end.port, band: end.band }];
}

// dagre returns the points of a line at every half rank. Points at whole ranks (every second one) are between
// other cards. There, the line is horizontal for the width of the rank, so that it does not touch them.
function passages(graph, points, bands) {
  const inner = points.slice(1, -1).filter((_, index) => index % 2 === 1);
  const direction = points[0].x <= points.at(-1).x ? 1 : -1;
  return inner.flatMap(({ x, y }) => {
    const half = direction * halfWidthAt(graph, x);
    const band = bandAt(bands, x);
    const { dx, dy } = bands[band];
    return [-half, half].map((offset) => ({ x: x + offset + dx, y: y + dy, band }));
  });
}

/** The index of the band that contains a position of the unfolded picture. */
export function bandAt(bands, x) {
  const found = bands.findIndex((band) => x <= band.right);
  return found < 0 ? bands.length - 1 : found;
}

function halfWidthAt(graph, x) {
  const nodes = graph.nodes().map((id) => graph.node(id));
  return Math.max(0, ...nodes.filter((node) => Math.abs(node.x - x) < 1).map((node) => node.width / 2));
}

// The links that leave a band, by their position from top to bottom.
function lanesAfter(band, routes) {
  const leaving = routes.map((route, index) => ({ index, point: route.findLast((point) => point.band === band), last: route.at(-1) }));
  const around = leaving.filter(({ point, last }) => point && last.band > band);
  return around.sort((left, right) => left.point.y - right.point.y).map(({ index }) => index);
}

function curve([first, ...rest], wrap) {
  let path = `M${round(first.x)} ${round(first.y)}`;
  let last = first;
  for (const point of rest) {
    path += point.band === last.band ? segment(last, point) : wrap(last, point);
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

// Right to the end of the band, down, left below it, down, and right into the next one. The upper of two links
// turns farther right and lower, and enters above the other, so that they do not cross.
function wrapped(bands, lanes, index, from, to) {
  const band = bands[from.band];
  const below = lanes.indexOf(index);
  const outside = LANE.edge - RADIUS + (lanes.length - 1 - below) * LANE.step;
  const right = band.right + band.dx + outside;
  const middle = band.bottom + band.dy + outside;
  const next = bands[to.band];
  const left = next.left + next.dx - LANE.edge + RADIUS - below * LANE.step;
  const r = RADIUS;
  return (
    `H${round(right - r)}q${r} 0 ${r} ${r}V${round(middle - r)}q0 ${r} ${-r} ${r}` +
    `H${round(left + r)}q${-r} 0 ${-r} ${r}V${round(to.y - r)}q0 ${r} ${r} ${r}H${round(to.x)}`
  );
}

function round(value) {
  return Math.round(value * 10) / 10;
}
