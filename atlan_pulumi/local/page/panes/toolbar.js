// The toolbar above the picture: level, number of steps, and zoom.

import { h } from "../core/dom.js";
import { DEPTHS } from "../core/route.js";
import { ZOOM } from "../lineage/picture.js";

export class Toolbar {
  /** Calls `go(change)` with the part of the route that the user changed. */
  constructor({ tables, columns, depth, less, more, fit }, go, picture) {
    Object.assign(this, { tables, columns, depth });
    depth.append(...DEPTHS.map((steps) => h("option", { value: steps }, steps === DEPTHS.at(-1) ? "all" : steps)));
    tables.addEventListener("click", () => go({ level: "table" }));
    columns.addEventListener("click", () => go({ level: "column" }));
    depth.addEventListener("change", () => go({ depth: Number(depth.value) }));
    less.addEventListener("click", () => picture.viewport.zoom(1 / ZOOM));
    more.addEventListener("click", () => picture.viewport.zoom(ZOOM));
    fit.addEventListener("click", () => picture.fit());
  }

  /** Shows the state of a route. Columns and column processes have no table level. */
  show({ level, depth }, columnsOnly) {
    this.columns.setAttribute("aria-pressed", String(level === "column"));
    this.tables.setAttribute("aria-pressed", String(level === "table"));
    this.tables.disabled = columnsOnly;
    this.depth.value = String(depth);
  }
}
