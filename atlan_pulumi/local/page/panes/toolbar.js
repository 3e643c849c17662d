// Above the picture: tables or columns, how far to look, zoom.

import { h } from "../core/dom.js";
import { DEPTHS } from "../core/route.js";

export class Toolbar {
  /** `go(change)` is called with the part of the route that a person changed. */
  constructor({ tables, columns, depth, less, more, fit }, go, picture) {
    Object.assign(this, { tables, columns, depth });
    depth.append(...DEPTHS.map((steps) => h("option", { value: steps }, steps === DEPTHS.at(-1) ? "all" : steps)));
    tables.addEventListener("click", () => go({ level: "table" }));
    columns.addEventListener("click", () => go({ level: "column" }));
    depth.addEventListener("change", () => go({ depth: Number(depth.value) }));
    less.addEventListener("click", () => picture.viewport.zoom(1 / 1.3));
    more.addEventListener("click", () => picture.viewport.zoom(1.3));
    fit.addEventListener("click", () => picture.fit());
  }

  /** Shows a route's state; an asset that lives at column level cannot be looked at from above. */
  show({ level, depth }, columnsOnly) {
    this.columns.setAttribute("aria-pressed", String(level === "column"));
    this.tables.setAttribute("aria-pressed", String(level === "table"));
    this.tables.disabled = columnsOnly;
    this.depth.value = String(depth);
  }
}
