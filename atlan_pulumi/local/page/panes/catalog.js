// The list of assets: a search field, and a chip and a collapsible section per type.

import { getAssets } from "../core/api.js";
import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { byInterest, isUnfolded } from "../core/kinds.js";
import { place } from "../core/names.js";
import { format } from "../core/route.js";

const PAGE = 100;

export class Catalog {
  /** The number of assets by type, from the last response. */
  counts = {};
  #hits = {};
  #chosen = null;
  #sections = [];
  #query = "";
  #type = "";
  #folds = new Map();
  #limits = new Map();
  #turn = 0;
  #shown = "";

  /** Calls `changed` when the user changed the selection, and the list must be refreshed. */
  constructor({ search, chips, list, hits }, changed) {
    this.chips = chips;
    this.list = list;
    this.hits = hits;
    this.changed = changed;
    search.addEventListener("input", () => {
      this.#query = search.value.trim();
      changed();
    });
  }

  /** Loads and shows the expanded sections. Responses to outdated requests are ignored. */
  async refresh() {
    const turn = ++this.#turn;
    const q = this.#query;
    const [all, found] = await Promise.all([getAssets({ limit: 1 }), q ? getAssets({ q, limit: 1 }) : null]);
    const hits = (found ?? all).counts;
    const types = Object.keys(hits).sort(byInterest);
    const wanted = types.filter((type) => !this.#type || type === this.#type);
    const sections = await Promise.all(wanted.map((type) => this.#ask(type, hits[type], q)));
    if (turn !== this.#turn) return;
    this.counts = all.counts;
    this.#hits = hits;
    this.#sections = sections.filter((section) => section.total > 0);
    this.#draw();
  }

  /** Marks the selected asset. */
  mark(guid) {
    this.#chosen = guid;
    this.#draw();
  }

  /** Shows only the assets of a type. "" shows all. */
  only(type) {
    this.#type = type;
    if (type) this.#folds.set(type, true);
    this.changed();
  }

  async #ask(type, count, q) {
    const open = this.#isOpen(type);
    if (!open) return { type, open, total: count, assets: [] };
    const { total, assets } = await getAssets({ type, q, limit: this.#limitOf(type) });
    return { type, open, total, assets };
  }

  #isOpen(type) {
    return this.#folds.get(type) ?? (isUnfolded(type) || this.#query !== "" || type === this.#type);
  }

  #limitOf(type) {
    return this.#limits.get(type) ?? PAGE;
  }

  // An unchanged list is not redrawn, since that would move it under the pointer.
  #draw() {
    const shown = JSON.stringify([this.counts, this.#hits, this.#sections, this.#type, this.#chosen]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const all = sum(this.counts);
    const types = Object.keys(this.counts).sort(byInterest);
    swap(this.chips, this.#chip("", "All", sum(this.#hits)), types.map((type) => this.#chip(type, type, this.#hits[type] ?? 0)));
    swap(this.list, this.#sections.length || !all ? this.#sections.map((section) => this.#section(section)) : nothing(this.#type));
    this.#announce(all);
  }

  // The number of hits, which screen readers announce. Without a search, the chips have all numbers.
  #announce(all) {
    const number = this.#sections.reduce((total, section) => total + section.total, 0);
    const words = this.#query ? `${number} of ${all} assets` : "";
    if (this.hits.textContent !== words) this.hits.textContent = words;
  }

  #chip(type, label, count) {
    const pressed = type === this.#type ? "true" : "false";
    return h("button", { type: "button", class: "chip", "aria-pressed": pressed, "data-key": `chip ${type}`, onclick: () => this.only(type) },
      label, " ", h("span", { class: "count" }, count));
  }

  #section({ type, open, total, assets }) {
    const fold = () => {
      this.#folds.set(type, !open);
      this.changed();
    };
    return h("section", { "data-type": type },
      h("h3", {}, h("button", { type: "button", class: "fold", "aria-expanded": String(open), "data-key": `fold ${type}`, onclick: fold },
        icon(type), h("span", {}, type), h("span", { class: "count" }, total))),
      open && h("ul", {}, assets.map((asset) => this.#item(asset))),
      open && assets.length < total && this.#more(type, total - assets.length));
  }

  #item(asset) {
    const chosen = asset.guid === this.#chosen;
    return h("li", {}, h("a", { href: format(asset), title: asset.qualifiedName, "data-key": asset.guid, "aria-current": chosen && "true" },
      h("span", { class: "name" }, asset.name || asset.qualifiedName),
      asset.status === "DELETED" && h("span", { class: "badge" }, "archived"),
      h("span", { class: "place" }, place(asset))));
  }

  #more(type, left) {
    const more = async () => {
      const before = this.#limitOf(type);
      this.#limits.set(type, before + PAGE);
      await this.changed();
      this.list.querySelectorAll(`[data-type="${type}"] li a`)[before]?.focus();
    };
    return h("button", { type: "button", class: "more", "data-key": `more ${type}`, onclick: more }, `Show more (${left} left)`);
  }
}

function sum(counts) {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}

function nothing(type) {
  return h("p", { class: "hint" }, `No name or qualifiedName ${type ? `of a ${type} ` : ""}contains this text.`);
}
