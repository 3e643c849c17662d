// The main pane without a selected asset: an overview, or how to fill an empty Atlan.

import { getAssets } from "../core/api.js";
import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { byInterest } from "../core/kinds.js";
import { format } from "../core/route.js";

const STARTS = 12;
const PAGE = 100;

export class Welcome {
  #shown = "";
  #limit = STARTS;

  /** Calls `only(type)` when the user picks a type, and `changed` when the pane must be refreshed. */
  constructor(pane, only, changed) {
    this.pane = pane;
    this.only = only;
    this.changed = changed;
  }

  /** Shows the number of assets by type, and some processes. */
  async show(counts) {
    const { assets } = counts.Process ? await getAssets({ type: "Process", limit: this.#limit }) : { assets: [] };
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
      ...(processes.length ? this.#starts(processes, counts.Process) : noLineage()),
    ];
  }

  #starts(processes, total) {
    return [
      h("h3", {}, "Lineage of a process"),
      h("ul", { class: "starts" }, processes.map(start)),
      processes.length < total && this.#more(processes.length, total - processes.length),
    ];
  }

  #more(shown, left) {
    const more = async () => {
      this.#limit = shown + PAGE;
      await this.changed();
      this.pane.querySelectorAll(".starts a")[shown]?.focus();
    };
    const words = left > PAGE ? `${PAGE} more of ${left}` : `${left} more`;
    return h("button", { type: "button", class: "more-starts", "data-key": "more starts", "aria-label": `${words} processes`, onclick: more }, words);
  }

  #tile(type, count) {
    return h("button", { type: "button", class: "tile", "data-key": `tile ${type}`, onclick: () => this.only(type) },
      icon(type), h("strong", {}, count), h("span", {}, type));
  }
}

function start(process) {
  return h("li", {}, h("a", { href: format(process), "data-key": `start ${process.guid}` }, icon("Process"), h("span", { class: "name", title: process.name }, process.name)));
}

function noLineage() {
  return [
    h("h3", {}, "No lineage yet"),
    h("p", { class: "hint" }, "No process links these assets. Declare a Process and run ", h("code", {}, "pulumi up"), "."),
  ];
}

function empty() {
  return h("div", { class: "empty" },
    h("h2", {}, "No assets yet"),
    h("p", {}, "Assets appear on this page as soon as they are written. To add some:"),
    h("ul", {},
      h("li", {}, "run ", h("code", {}, "pulumi up"), " in a project with ", h("code", {}, `ATLAN_BASE_URL=${location.origin}`)),
      h("li", {}, "or start with a seed catalog: ", h("code", {}, "atlan-pulumi local --seed catalog.yaml"))));
}
