import { s } from "./dom.js";
import { iconPath, kindOf } from "./kinds.js";

/** A type's small picture, for lists and headings; it says nothing that the words beside it do not. */
export function icon(typeName) {
  const kind = kindOf(typeName);
  return s("svg", { class: `icon kind-${kind}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: iconPath(kind) }));
}
