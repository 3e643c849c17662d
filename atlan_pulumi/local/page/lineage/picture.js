// The lineage pane: draws a graph, and keeps the view when the graph changes.

import { s, swap } from "../core/dom.js";
import { drawCards, drawLines } from "./draw.js";
import { middle, step } from "./keys.js";
import { layOut } from "./layout.js";
import { buildModel, pathThrough } from "./model.js";
import { Viewport } from "./viewport.js";

export class Picture {
  /** The current model, or null. */
  model = null;
  #layout = null;
  #shown = "";

  /** Calls `choose(guid)` when the user selects an asset in the picture. */
  constructor(surface, choose) {
    this.surface = surface;
    this.choose = choose;
    this.lines = s("g", { "aria-hidden": "true" });
    this.cards = s("g", {});
    this.layer = s("g", { class: "layer" }, this.lines, this.cards);
    surface.append(this.layer);
    this.viewport = new Viewport(surface, this.layer);
    this.#listen();
  }

  /** Draws a graph. The view of the user stays if the selected asset was visible before. */
  show(graph) {
    const shown = JSON.stringify(graph);
    if (shown === this.#shown) return;
    const before = this.#placeOf(graph.base);
    const known = this.model && new Set(this.model.nodes.keys());
    const chosenAnew = this.model?.base !== graph.base;
    this.#shown = shown;
    this.model = buildModel(graph);
    this.#layout = layOut(this.model);
    swap(this.lines, drawLines(this.model, this.#layout));
    swap(this.cards, drawCards(this.model, this.#layout));
    if (known?.has(graph.base)) this.#markNew(known);
    this.#settle(before, chosenAnew);
  }

  clear() {
    this.model = null;
    this.#shown = "";
    this.viewport.reset();
    this.lines.replaceChildren();
    this.cards.replaceChildren();
  }

  /** Shows the whole picture at any size. */
  fit() {
    if (this.model) this.viewport.fit(this.#layout);
  }

  /** Fits the picture after a resize, unless the user moved the view. */
  refit() {
    if (!this.model || this.viewport.touched) return;
    this.viewport.fit(this.#layout, middle(this.#layout, this.model.base), false);
  }

  #settle(before, chosenAnew) {
    if (!this.viewport.touched || !before) {
      this.viewport.fit(this.#layout, middle(this.#layout, this.model.base));
      return;
    }
    this.viewport.pin(middle(this.#layout, this.model.base), before);
    if (chosenAnew) this.viewport.reveal(this.#layout.places.get(this.model.base));
  }

  #placeOf(guid) {
    return this.model?.nodes.has(guid) ? this.viewport.locate(middle(this.#layout, guid)) : null;
  }

  #markNew(known) {
    for (const element of this.surface.querySelectorAll(".asset")) {
      element.classList.toggle("is-new", !known.has(element.dataset.guid));
    }
  }

  #listen() {
    const { surface } = this;
    surface.addEventListener("click", (event) => this.#pick(guidOf(event)));
    surface.addEventListener("keydown", (event) => this.#key(event));
    surface.addEventListener("pointerover", (event) => this.#light(guidOf(event)));
    surface.addEventListener("focusin", (event) => {
      if (event.target.matches(":focus-visible")) this.#light(guidOf(event));
    });
    for (const off of ["pointerleave", "focusout"]) surface.addEventListener(off, () => this.#light(null));
  }

  #pick(guid) {
    if (guid) this.choose(guid);
  }

  #key(event) {
    const guid = guidOf(event);
    if (!guid) return;
    if (event.key === "Enter" || event.key === " ") this.#pick(guid);
    else if (event.key.startsWith("Arrow")) this.#walk(guid, event.key);
    else return;
    event.preventDefault();
  }

  #walk(guid, key) {
    const next = step(this.model, this.#layout, guid, key);
    if (!next) return;
    const element = [...this.surface.querySelectorAll(".asset")].find((each) => each.dataset.guid === next);
    element.focus({ preventScroll: true });
    this.viewport.reveal(this.#layout.places.get(next));
  }

  // Highlights everything upstream and downstream of an asset, and dims the rest.
  #light(guid) {
    const path = guid && this.model?.nodes.has(guid) ? pathThrough(this.model, guid) : null;
    this.surface.classList.toggle("is-tracing", path !== null);
    for (const element of this.surface.querySelectorAll(".asset")) {
      element.classList.toggle("is-on-path", Boolean(path?.has(element.dataset.guid)));
    }
    for (const line of this.surface.querySelectorAll(".link")) {
      line.classList.toggle("is-on-path", Boolean(path?.has(line.dataset.from) && path.has(line.dataset.to)));
    }
  }
}

function guidOf(event) {
  return event.target.closest?.("[data-guid]")?.dataset.guid ?? null;
}
