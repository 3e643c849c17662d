// Break a picture that is wider than the pane into bands, one below the other, like lines of text. The labels
// keep their size, and a long chain uses the height of the pane.

import { LEGIBLE, MARGIN } from "./viewport.js";

/** Distances in CSS pixels at zoom 1: between two links that change the band, and around all of them. */
export const LANE = { step: 7, edge: 16 };

const MOST_LINKS = 6;
// A folded picture must be larger by this factor.
const GAIN = 1.15;

/**
 * The bands of a picture: `[{first, last, left, right, top, bottom, dx, dy}]`. `first` and `last` are indexes of
 * ranks, the others are in the coordinates of the picture before the move by `dx` and `dy`.
 *
 * `ranks` are `[{left, right, top, bottom}]`, `crossings` the number of links across the gap after each rank, and
 * `room` is the size of the pane, or null for a picture of one band.
 */
export function bandsOf(ranks, crossings, room) {
  const whole = arrange(ranks, [ranks.length - 1], crossings);
  if (!room || scaleOf(whole, room) >= LEGIBLE) return whole;
  const ends = breaks(ranks, crossings, room.width - 2 * MARGIN);
  const folded = ends && arrange(ranks, ends, crossings);
  return folded && scaleOf(folded, room) > GAIN * scaleOf(whole, room) ? folded : whole;
}

/** The width and height of the picture. */
export function sizeOfBands(bands) {
  const last = bands.at(-1);
  return { width: Math.max(...bands.map((band) => band.width)), height: last.bottom + last.dy };
}

// The last rank of each band, or null if a band would end at a gap with too many links.
function breaks(ranks, crossings, width) {
  const ends = [];
  let first = 0;
  while (first < ranks.length) {
    const before = first ? sideOf(crossings[first - 1]) : 0;
    const room = width - before;
    const end = endOf(ranks, crossings, first, room);
    if (end < ranks.length - 1 && crossings[end] > MOST_LINKS) return null;
    ends.push(end);
    first = end + 1;
  }
  return ends;
}

// Of the ranks that fit, a band ends in the second half, where the fewest links are.
function endOf(ranks, crossings, first, room) {
  const fits = (last) => ranks[last].right - ranks[first].left + sideOf(crossings[last] ?? 0) <= room;
  let most = first;
  while (most + 1 < ranks.length && fits(most + 1)) most += 1;
  if (most === ranks.length - 1) return most;
  let best = most;
  for (let last = most - 1; last > first + (most - first) / 2; last -= 1) {
    if (crossings[last] < crossings[best]) best = last;
  }
  return best;
}

function arrange(ranks, ends, crossings) {
  const bands = [];
  for (const last of ends) {
    const before = bands.at(-1);
    bands.push(bandOf(ranks, before ? before.last + 1 : 0, last, before, crossings));
  }
  return bands;
}

function bandOf(ranks, first, last, before, crossings) {
  const own = ranks.slice(first, last + 1);
  const [left, right] = [own[0].left, own.at(-1).right];
  const [top, bottom] = [Math.min(...own.map((rank) => rank.top)), Math.max(...own.map((rank) => rank.bottom))];
  const links = before ? crossings[before.last] : 0;
  const start = before ? before.bottom + before.dy + LANE.edge + sideOf(links) : 0;
  const dx = sideOf(links) - left;
  const width = right + dx + (last < ranks.length - 1 ? sideOf(crossings[last]) : 0);
  return { first, last, left, right, top, bottom, dx, dy: start - top, width };
}

// The space beside a band for the links that leave or enter it.
function sideOf(links) {
  return links ? LANE.edge + (links - 1) * LANE.step : 0;
}

function scaleOf(bands, room) {
  const { width, height } = sizeOfBands(bands);
  return Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height);
}
