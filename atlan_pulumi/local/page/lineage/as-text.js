// The lineage as text, for screen readers.

import { h } from "../core/dom.js";
import { format } from "../core/route.js";
import { inWords } from "./model.js";

/** A heading, the numbers, a list of the assets (as links), and a list of the links between them. */
export function asText(model, route) {
  const nodes = [...model.nodes.values()];
  const processes = nodes.filter((node) => node.isProcess).length;
  const base = model.nodes.get(model.base);
  return [
    h("h2", {}, `Lineage of ${inWords(base)}, as text`),
    h("p", {}, `${count(nodes.length - processes, "asset")}, ${count(processes, "process", "processes")}.`),
    h("ul", { id: "lineage-nodes", "aria-label": "Assets and processes" },
      nodes.map((node) => h("li", { "data-guid": node.guid },
        h("a", { href: format({ ...route, guid: node.guid }), tabindex: -1 }, inWords(node))))),
    h("ul", { id: "lineage-links", "aria-label": "Links" },
      model.links.map(({ from, to }) => h("li", { "data-from": from, "data-to": to },
        `${inWords(model.nodes.get(from))} → ${inWords(model.nodes.get(to))}`))),
  ];
}

function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
