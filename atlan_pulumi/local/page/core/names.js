// Short words for long names.

/** What tells where an asset lies: its qualifiedName without the connection before and the name behind. */
export function place(asset) {
  const inside = withoutConnection(asset.qualifiedName ?? "").split("/").filter(Boolean);
  if (inside.at(-1) === asset.name) inside.pop();
  return inside.join(" / ");
}

/** The name of the asset that holds a column, read from the column's qualifiedName. */
export function holderName(qualifiedName) {
  return (qualifiedName ?? "").split("/").at(-2) ?? "";
}

/** A typeName or an attribute's name in words: "ColumnProcess" → "Column process". */
export function typeWords(name) {
  const words = name.replace(/([a-z])([A-Z])/g, (_, left, right) => `${left} ${right.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function withoutConnection(qualifiedName) {
  return qualifiedName.replace(/^default\/[^/]+\/[^/]+(\/|$)/, "");
}
