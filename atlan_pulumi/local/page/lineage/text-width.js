// Measure texts in the font of the page, to fit cards to names and to truncate long names.

let context;
let family;

/** The width of a text in CSS pixels. `font` is weight and size, such as "600 13px". */
export function textWidth(text, font) {
  context ??= document.createElement("canvas").getContext("2d");
  family ??= getComputedStyle(document.body).fontFamily;
  context.font = `${font} ${family}`;
  return context.measureText(text).width;
}

/** The text, or as much of it as fits the width with "…". Of long texts, the end stays: names often differ there. */
export function truncateText(text, font, width) {
  if (textWidth(text, font) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(shortened(text, middle), font) <= width) low = middle;
    else high = middle - 1;
  }
  return shortened(text, low);
}

const END = 6;

// A text with this number of characters, and "…".
function shortened(text, length) {
  if (length < 3 * END) return `${text.slice(0, length).trimEnd()}…`;
  return `${text.slice(0, length - END).trimEnd()}…${text.slice(-END).trimStart()}`;
}
