import { s } from "./dom.js";
import { iconPath, kindOf } from "./kinds.js";

/** The icon of a type, for lists and headings. It is decorative, next to a text. */
export function icon(typeName) {
  const kind = kindOf(typeName);
  return s("svg", { class: `icon kind-${kind}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: iconPath(kind) }));
}
