// The main pane without a selected asset: an overview, or how to fill an empty Atlan.

import { getAssets } from "../core/api.js";
import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { byInterest } from "../core/kinds.js";
import { format } from "../core/route.js";

const STARTS = 12;

export class Welcome {
  #shown = "";

  /** Calls `only(type)` when the user picks a type. */
  constructor(pane, only) {
    this.pane = pane;
    this.only = only;
  }

  /** Shows the number of assets by type, and some processes. */
  async show(counts) {
    const { assets } = counts.Process ? await getAssets({ type: "Process", limit: STARTS }) : { assets: [] };
    const shown = JSON.stringify([counts, assets]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    swap(this.pane, Object.keys(counts).length ? this.#overview(counts, assets) : empty());
  }

  #overview(counts, processes) {
    const types = Object.keys(counts).sort(byInterest);
    return [
      h("h2", {}, "Assets in this Atlan"),
      h("div", { class: "tiles" }, types.map((type) => this.#tile(type, counts[type]))),
      h("h3", {}, processes.length ? "Lineage of a process" : "No lineage yet"),
      processes.length
        ? h("ul", { class: "starts" }, processes.map(start))
        : h("p", { class: "hint" }, "No process links these assets. Declare a Process and run ", h("code", {}, "pulumi up"), "."),
    ];
  }

  #tile(type, count) {
    return h("button", { type: "button", class: "tile", "data-key": `tile ${type}`, onclick: () => this.only(type) },
      icon(type), h("strong", {}, count), h("span", {}, type));
  }
}

function start(process) {
  return h("li", {}, h("a", { href: format(process), "data-key": `start ${process.guid}` }, icon("Process"), h("span", { class: "name" }, process.name)));
}

function empty() {
  return h("div", { class: "empty" },
    h("h2", {}, "No assets yet"),
    h("p", {}, "Assets appear on this page as soon as they are written. To add some:"),
    h("ul", {},
      h("li", {}, "run ", h("code", {}, "pulumi up"), " in a project with ", h("code", {}, `ATLAN_BASE_URL=${location.origin}`)),
      h("li", {}, "or start with a seed catalog: ", h("code", {}, "atlan-pulumi local --seed catalog.yaml"))));
}
