// The main pane while no asset is chosen: what there is, where to start, or how to fill an empty Atlan.

import { getAssets } from "../core/api.js";
import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { byInterest } from "../core/kinds.js";
import { format } from "../core/route.js";

const STARTS = 12;

export class Welcome {
  #shown = "";

  /** `only(type)` is called when a person picks a type. */
  constructor(pane, only) {
    this.pane = pane;
    this.only = only;
  }

  /** Shows the numbers by type, and the first processes to look at. */
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
      h("h2", {}, "What is in this Atlan"),
      h("div", { class: "tiles" }, types.map((type) => this.#tile(type, counts[type]))),
      h("h3", {}, processes.length ? "Look at the lineage of a process" : "No lineage yet"),
      processes.length
        ? h("ul", { class: "starts" }, processes.map(start))
        : h("p", { class: "hint" }, "Assets are here, and nothing links them yet. Declare a Process and run ", h("code", {}, "pulumi up"), "."),
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
    h("h2", {}, "Nothing here yet"),
    h("p", {}, "This Atlan is empty. Assets appear on this page as soon as something writes them:"),
    h("ul", {},
      h("li", {}, "run ", h("code", {}, "pulumi up"), " in a project whose ", h("code", {}, "ATLAN_BASE_URL"), " is ", h("code", {}, location.origin)),
      h("li", {}, "or start with a catalog: ", h("code", {}, "atlan-pulumi local --seed catalog.yaml"))));
}
