// The page: shows one route, and refreshes it every few seconds while the page is visible.

import { ApiError } from "./core/api.js";
import { swap } from "./core/dom.js";
import { isColumnLevel } from "./core/kinds.js";
import { format, parse } from "./core/route.js";
import { asText } from "./lineage/as-text.js";
import { Picture } from "./lineage/picture.js";
import { graphFor } from "./lineage/source.js";
import { Catalog } from "./panes/catalog.js";
import { Details } from "./panes/details.js";
import { showLegend } from "./panes/legend.js";
import { Toolbar } from "./panes/toolbar.js";
import { Welcome } from "./panes/welcome.js";

const REFRESH_MS = 4000;

const part = (id) => document.getElementById(id);
let route = parse(location.hash);
let timer;
let turn = 0;
let drawn = "";

const picture = new Picture(part("picture"), (guid) => go({ guid }), (isPart) => {
  part("partial").hidden = !isPart;
});
const catalog = new Catalog(
  { search: part("search"), chips: part("chips"), list: part("list"), hits: part("hits") },
  () => attempt(() => catalog.refresh()),
);
const details = new Details(part("details"));
const welcome = new Welcome(part("welcome"), (type) => catalog.only(type), refresh);
const toolbar = new Toolbar({
  tables: part("tables"), columns: part("columns"), depth: part("depth"),
  less: part("zoom-out"), more: part("zoom-in"), fit: part("fit"),
}, go, picture);

/** Changes the address. The `hashchange` event updates the page. */
function go(change) {
  location.hash = format({ ...route, ...change });
}

async function refresh() {
  await attempt(async () => {
    await catalog.refresh();
    document.body.toggleAttribute("data-empty", Object.keys(catalog.counts).length === 0);
    await (route.guid ? showAsset() : welcome.show(catalog.counts));
  });
}

async function showAsset() {
  const mine = ++turn;
  const requested = route;
  const graph = await graphFor(requested);
  if (mine !== turn || requested !== route) return;
  document.body.dataset.state = graph ? "found" : "gone";
  if (graph) drawAsset(graph, requested);
  else clearAsset();
}

function drawAsset(graph, shown) {
  picture.show(graph);
  const { model } = picture;
  const base = model.nodes.get(model.base);
  const columnsOnly = isColumnLevel(base.typeName);
  toolbar.show(columnsOnly ? { ...shown, level: "column" } : shown, columnsOnly);
  details.show(model, shown);
  describe(graph, shown);
  part("alone").hidden = model.links.length > 0;
  document.title = `${base.name} · local Atlan`;
}

// An unchanged text is not replaced, since a screen reader would lose its position.
function describe(graph, shown) {
  const text = JSON.stringify([graph, shown]);
  if (text === drawn) return;
  drawn = text;
  showLegend(part("legend"), picture.model);
  swap(part("as-text"), asText(picture.model, shown));
}

function clearAsset() {
  drawn = "";
  picture.clear();
  details.clear();
  part("legend").replaceChildren();
  part("as-text").replaceChildren();
  part("alone").hidden = true;
  part("partial").hidden = true;
  document.title = "Local Atlan";
}

/** Runs a step, and shows on the page if the server does not answer. The next refresh tries again. */
async function attempt(work) {
  try {
    await work();
    say("Live", "live");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.message, "lost");
  }
}

function say(words, state) {
  const status = part("status");
  status.dataset.state = state;
  if (status.textContent !== words) status.textContent = words;
}

async function refreshNow() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") await refresh();
  timer = setTimeout(refreshNow, REFRESH_MS);
}

function follow() {
  const next = parse(location.hash);
  if (next.guid !== route.guid && !picture.model?.nodes.has(next.guid)) clearAsset();
  // Another level is another picture, which needs to be fitted again.
  if (next.level !== route.level) picture.resetView();
  route = next;
  document.body.dataset.view = route.guid ? "asset" : "home";
  keepFocus();
  catalog.mark(route.guid);
  refreshNow();
}

// A narrow screen shows the list or the asset. The focus follows to the one that is visible.
function keepFocus() {
  const active = document.activeElement;
  if (active !== document.body && !active.checkVisibility()) focusContent();
}

function focusContent() {
  const isFilled = [...part("main").children].some((pane) => pane.checkVisibility());
  part(isFilled ? "main" : "catalog-heading").focus({ preventScroll: true });
}

addEventListener("hashchange", follow);
document.addEventListener("visibilitychange", refreshNow);
part("refresh").addEventListener("click", refreshNow);
part("skip").addEventListener("click", (event) => {
  event.preventDefault(); // The address is the route.
  focusContent();
});
new ResizeObserver(() => picture.refit()).observe(part("picture"));
follow();
