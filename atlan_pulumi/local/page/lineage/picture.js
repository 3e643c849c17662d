// The lineage pane: draws a graph, and keeps the view when the graph changes.

import { s, swap } from "../core/dom.js";
import { drawCards, drawLines } from "./draw.js";
import { middle, step } from "./keys.js";
import { layOut, rank } from "./layout.js";
import { buildModel, pathThrough } from "./model.js";
import { Viewport } from "./viewport.js";

/** The factor of one zoom step, by button or key. */
export const ZOOM = 1.3;

export class Picture {
  /** The current model, or null. */
  model = null;
  #ranked = null;
  #layout = null;
  #isWhole = false;
  #shown = "";

  /**
   * Calls `choose(guid)` when the user selects an asset in the picture, and `moved(isPart)` when the view changes:
   * whether a part of the picture is outside of the pane.
   */
  constructor(surface, choose, moved) {
    this.surface = surface;
    this.choose = choose;
    this.lines = s("g", { "aria-hidden": "true" });
    this.cards = s("g", {});
    this.layer = s("g", { class: "layer" }, this.lines, this.cards);
    surface.append(this.layer);
    this.viewport = new Viewport(surface, this.layer, moved);
    this.#listen();
  }

  /** Draws a graph. The view of the user stays if the selected asset was visible before. */
  show(graph) {
    const shown = JSON.stringify(graph);
    if (shown === this.#shown) return;
    const before = this.#placeOf(graph.base);
    const known = this.model && new Set(this.model.nodes.keys());
    const isNewChoice = this.model?.base !== graph.base;
    this.#shown = shown;
    this.model = buildModel(graph);
    this.#ranked = rank(this.model);
    this.#draw(layOut(this.model, this.viewport.room, this.#ranked));
    if (known?.has(graph.base)) this.#markNew(known);
    this.#settle(before, isNewChoice);
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
    if (!this.model) return;
    this.#isWhole = true;
    this.viewport.fit(this.#layout);
  }

  /** Fits the next picture again, even if the user moved the view. */
  resetView() {
    this.#isWhole = false;
    this.viewport.touched = false;
  }

  /** Fits the picture after a resize, unless the user moved the view. */
  refit() {
    if (!this.model || this.viewport.touched) return;
    const layout = layOut(this.model, this.viewport.room, this.#ranked);
    if (!isSame(layout, this.#layout)) this.#draw(layout);
    this.viewport.fit(this.#layout, this.#focus(), false);
  }

  #draw(layout) {
    this.#layout = layout;
    swap(this.lines, drawLines(this.model, layout));
    swap(this.cards, drawCards(this.model, layout));
  }

  #settle(before, isNewChoice) {
    if (!this.viewport.touched || !before) {
      if (isNewChoice) this.#isWhole = false;
      this.viewport.fit(this.#layout, this.#focus());
      return;
    }
    this.viewport.pin(this.#layout, middle(this.#layout, this.model.base), before);
    if (isNewChoice) this.viewport.reveal(this.#layout.places.get(this.model.base));
  }

  // What the view shows if the picture is too large; null for all of it.
  #focus() {
    return this.#isWhole ? null : middle(this.#layout, this.model.base);
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
      if (event.target.matches(":focus-visible")) this.#arrive(guidOf(event));
    });
    for (const off of ["pointerleave", "focusout"]) surface.addEventListener(off, () => this.#light(null));
  }

  #pick(guid) {
    if (guid) this.choose(guid);
  }

  #key(event) {
    const guid = guidOf(event);
    if (!guid || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === "Enter" || key === " ") this.#pick(guid);
    else if (key.startsWith("Arrow") && event.shiftKey) this.viewport.pan(key);
    else if (key.startsWith("Arrow")) this.#walk(guid, key);
    else if (key === "+" || key === "=") this.viewport.zoom(ZOOM);
    else if (key === "-") this.viewport.zoom(1 / ZOOM);
    else if (key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  #walk(guid, key) {
    const next = step(this.model, this.#layout, guid, key);
    if (!next) return;
    const element = [...this.surface.querySelectorAll(".asset")].find((each) => each.dataset.guid === next);
    element.focus({ preventScroll: true });
  }

  // The focus of the keyboard is always visible.
  #arrive(guid) {
    this.#light(guid);
    const place = this.#layout?.places.get(guid);
    if (place) this.viewport.reveal(place);
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

function isSame(one, other) {
  return one.width === other.width && one.height === other.height;
}
