// The route in the address: #/ or #/asset/<guid>[?level=column][&depth=N].

export const DEPTHS = [1, 2, 3, 5, 10, 50];
export const DEFAULT_DEPTH = 10;

/** Parses an address hash: `{guid: string|null, level: "table"|"column", depth: number}`. */
export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const found = /^\/asset\/([^/]+)\/?$/.exec(path);
  const options = new URLSearchParams(query);
  const depth = Number(options.get("depth"));
  return {
    guid: found ? decoded(found[1]) : null,
    level: options.get("level") === "column" ? "column" : "table",
    depth: DEPTHS.includes(depth) ? depth : DEFAULT_DEPTH,
  };
}

/** The hash of a route, without defaults. */
export function format({ guid, level = "table", depth = DEFAULT_DEPTH }) {
  if (!guid) return "#/";
  const options = new URLSearchParams();
  if (level === "column") options.set("level", "column");
  if (depth !== DEFAULT_DEPTH) options.set("depth", String(depth));
  const query = options.size ? `?${options}` : "";
  return `#/asset/${encodeURIComponent(guid)}${query}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
