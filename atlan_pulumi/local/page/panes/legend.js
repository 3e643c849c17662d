import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { kindLabel, kindOf } from "../core/kinds.js";

/** Shows the colors of the kinds in a picture. */
export function showLegend(pane, model) {
  const types = new Map([...model.nodes.values()].map((node) => [kindOf(node.typeName), node.typeName]));
  const entries = [...types].sort().map(([kind, typeName]) => h("li", {}, icon(typeName), kindLabel(kind)));
  swap(pane, entries, h("li", {}, h("span", { class: "swatch-chosen", "aria-hidden": "true" }), "Selected"));
}
