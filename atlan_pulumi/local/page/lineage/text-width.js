// How wide a text is in the page's own font, so that cards fit their names and long names end in "…".

let context;
let family;

/** The width in CSS pixels of a text; `font` is weight and size, such as "600 13px". */
export function textWidth(text, font) {
  context ??= document.createElement("canvas").getContext("2d");
  family ??= getComputedStyle(document.body).fontFamily;
  context.font = `${font} ${family}`;
  return context.measureText(text).width;
}

/** The text itself, or its longest beginning that fits the width with a "…" behind. */
export function shortened(text, font, width) {
  if (textWidth(text, font) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${text.slice(0, middle).trimEnd()}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
