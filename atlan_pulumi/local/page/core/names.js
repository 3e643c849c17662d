// Short forms of long names.

/** The location of an asset: its qualifiedName without the connection and the name. */
export function place(asset) {
  const inside = withoutConnection(asset.qualifiedName ?? "").split("/").filter(Boolean);
  if (inside.at(-1) === asset.name) inside.pop();
  return inside.join(" / ");
}

/** The name of the asset of a column, from the qualifiedName of the column. */
export function holderName(qualifiedName) {
  return (qualifiedName ?? "").split("/").at(-2) ?? "";
}

/** A typeName or attribute name as words: "ColumnProcess" → "Column process". */
export function typeWords(name) {
  const words = name.replace(/([a-z])([A-Z])/g, (_, left, right) => `${left} ${right.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function withoutConnection(qualifiedName) {
  return qualifiedName.replace(/^default\/[^/]+\/[^/]+(\/|$)/, "");
}
