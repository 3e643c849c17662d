import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { kindLabel, kindOf } from "../core/kinds.js";

/** Shows the kinds in a picture, and the borders of the assets that are partial or archived. */
export function showLegend(pane, model) {
  const types = new Map([...model.nodes.values()].map((node) => [kindOf(node.typeName), node.typeName]));
  const entries = [...types].sort().map(([kind, typeName]) => h("li", {}, icon(typeName), kindLabel(kind)));
  const nodes = [...model.nodes.values()];
  swap(
    pane,
    entries,
    nodes.some((node) => node.isPartial) && swatch("partial", "Partial: not crawled yet"),
    nodes.some((node) => node.status === "DELETED") && swatch("archived", "Archived"),
    swatch("chosen", "Selected"),
  );
}

function swatch(name, label) {
  return h("li", {}, h("span", { class: `swatch swatch-${name}`, "aria-hidden": "true" }), label);
}
