// The details of the selected asset: names, upstream and downstream, SQL, and last writer.

import { h, swap } from "../core/dom.js";
import { icon } from "../core/icon.js";
import { place, typeWords } from "../core/names.js";
import { format } from "../core/route.js";
import { cardNeighbors } from "../lineage/model.js";
import { sqlBlock } from "./sql.js";

// Attributes that are shown elsewhere.
const ELSEWHERE = new Set(["name", "qualifiedName", "description", "userDescription", "sql", "certificateStatus", "inputs", "outputs"]);

const LABELS = {
  sourceURL: "Source",
  connectorName: "Connector",
  connectionQualifiedName: "Connection",
  certificateStatusMessage: "Certificate",
};

/** The details pane shows one node of a model. It is redrawn only after a change. */
export class Details {
  #shown = "";

  constructor(pane) {
    this.pane = pane;
  }

  show(model, route) {
    const node = model.nodes.get(model.base);
    const around = { to: cardNeighbors(model, node.guid, "to"), from: cardNeighbors(model, node.guid, "from") };
    const shown = JSON.stringify([node, around, route]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const sql = text(node.attributes?.sql);
    swap(this.pane, heading(node),
      h("div", { class: "columns" },
        facts(node),
        sql ? h("div", { class: "sql-holder" }, h("h3", {}, "SQL"), sqlBlock(sql)) : null,
        h("div", {}, neighborList("Upstream", around.to, route), neighborList("Downstream", around.from, route))));
  }

  clear() {
    this.#shown = "";
    this.pane.replaceChildren();
  }
}

function heading(node) {
  const { certificateStatus: certificate, description, userDescription } = node.attributes ?? {};
  const words = text(userDescription) || text(description);
  return h("header", {},
    h("h2", {}, icon(node.typeName), h("span", { class: "name" }, node.name || node.qualifiedName),
      h("span", { class: "badge" }, typeWords(node.typeName)),
      certificate && h("span", { class: `badge certificate-${String(certificate).toLowerCase()}` }, String(certificate).toLowerCase()),
      node.status === "DELETED" && h("span", { class: "badge" }, "archived"),
      node.isPartial && h("span", { class: "badge" }, "partial")),
    h("p", { class: "qualified-name" }, node.qualifiedName),
    node.managedBy && h("p", { class: "owner" }, `Managed by ${owner(node.managedBy)}`),
    words && h("p", {}, words));
}

function facts(node) {
  const rows = Object.entries(node.attributes ?? {}).filter(([name, value]) => !ELSEWHERE.has(name) && text(value));
  return h("div", {}, h("h3", {}, "Properties"), h("dl", {},
    fact("Written by", node.updatedBy || "unknown"),
    node.updateTime ? fact("Written at", moment(node.updateTime)) : null,
    rows.map(([name, value]) => fact(label(name), name === "sourceURL" ? link(text(value)) : text(value))),
    node.managedBy && fact("Ownership mark", h("code", {}, node.managedBy.mark)),
    fact("GUID", h("code", {}, node.guid))));
}

/** The owner in an ownership mark: `<project>/<stack>, <resource>`. */
export function owner({ stack, resource }) {
  return [stack, resource].filter(Boolean).join(", ");
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function neighborList(title, nodes, route) {
  const item = (node) => h("li", {}, h("a", { href: format({ ...route, guid: node.guid }), "data-key": `${title} ${node.guid}` },
    icon(node.typeName), h("span", { class: "name", title: node.name }, node.name), node.isProcess ? null : h("span", { class: "place" }, place(node))));
  return [h("h3", {}, title), nodes.length ? h("ul", {}, nodes.map(item)) : h("p", { class: "hint" }, "No links")];
}

/** The value of an attribute as text. "" if it is not set. */
export function text(value) {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(text).filter(Boolean).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// Only http(s) addresses become links, since others could run scripts.
function link(address) {
  if (!/^https?:\/\//i.test(address)) return address;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
}

function label(name) {
  return LABELS[name] ?? typeWords(name);
}

function moment(milliseconds) {
  const when = new Date(Number(milliseconds));
  return h("time", { datetime: when.toISOString() }, when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }));
}
