"use strict";
// Adds zoom, search, filters, and tracing up and down from an asset. The page is complete without it.
(() => {
  const one = (selector) => document.querySelector(selector);
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const [frame, picture, list, title, status, all] = ["#frame", "#frame .lineage", "#list", "#links-title", "#status", "#all"].map(one);
  const nodes = every(".node", picture);
  const ways = every(".link, .count", picture);
  const rows = every(".link-row", list);
  const linksOf = new Map(nodes.map((node) => [node.id, []]));
  every(".link", picture).forEach((link) => {
    new Set([link.dataset.source, link.dataset.target]).forEach((end) => linksOf.get(end).push(link));
  });
  const names = new Map(nodes.map((node) => [node.id, node.querySelector(".name").textContent]));
  const heading = title.textContent;
  const off = new Set();
  let chosen = null;

  // Zoom

  const full = { width: picture.viewBox.baseVal.width, height: picture.viewBox.baseVal.height };
  const READABLE = 0.7;
  let scale = 1;

  const resize = (wanted, x = frame.clientWidth / 2, y = frame.clientHeight / 2) => {
    const next = Math.min(Math.max(wanted, 0.05), 3);
    const [across, down] = [(frame.scrollLeft + x) / scale, (frame.scrollTop + y) / scale];
    scale = next;
    picture.style.width = `${full.width * scale}px`;
    picture.style.height = `${full.height * scale}px`;
    frame.scrollTo(across * scale - x, down * scale - y);
    hintAtPan();
  };
  const hintAtPan = () => {
    const beyond = (whole, shown) => whole - shown > 1;
    one("#pan").hidden = !(beyond(frame.scrollWidth, frame.clientWidth) || beyond(frame.scrollHeight, frame.clientHeight));
  };
  const whole = () => {
    const room = parseFloat(getComputedStyle(frame).maxHeight) || frame.clientHeight;
    return Math.min((frame.clientWidth - 2) / full.width, (room - 4) / full.height, 1);
  };

  // Display: the filter of changes, the search, the chosen asset

  const reach = (start, from, to) => {
    const links = every(".link:not(.is-off)", picture);
    const found = new Set([start]);
    for (let size = 0; size < found.size; ) {
      size = found.size;
      links.forEach((link) => found.has(link.dataset[from]) && found.add(link.dataset[to]));
    }
    return found;
  };

  const traced = () => {
    if (!chosen) return null;
    const down = reach(chosen.id, "source", "target");
    const up = reach(chosen.id, "target", "source");
    const on = ({ source, target }) => [down, up].some((way) => way.has(source) && way.has(target));
    return { nodes: new Set([...down, ...up]), on };
  };

  const show = () => {
    const wanted = one("#find").value.trim().toLowerCase();
    const changeOf = (element) => [...off].some((change) => element.classList.contains(change));
    ways.forEach((way) => way.classList.toggle("is-off", changeOf(way)));
    nodes.forEach((node) => {
      const links = linksOf.get(node.id);
      node.classList.toggle("is-off", links.length > 0 && links.every(changeOf));
    });
    const trace = traced();
    const found = nodes.filter((node) => wanted && node.querySelector("title").textContent.toLowerCase().includes(wanted));
    const hits = new Set(found.map((node) => node.id));
    picture.classList.toggle("is-tracing", Boolean(trace || wanted));
    nodes.forEach((node) => {
      node.classList.toggle("is-found", hits.has(node.id));
      node.classList.toggle("is-chosen", node === chosen);
      node.classList.toggle("is-on", trace ? trace.nodes.has(node.id) : hits.has(node.id));
      node.setAttribute("aria-pressed", String(node === chosen));
    });
    ways.forEach((way) => way.classList.toggle("is-on", Boolean(trace?.on(way.dataset))));
    rows.forEach((row) => {
      const ends = [row.dataset.source, row.dataset.target];
      const kept = chosen ? ends.includes(chosen.id) : !wanted || ends.some((end) => hits.has(end));
      row.hidden = changeOf(row) || !kept;
    });
    updateStatus(trace, wanted, found);
  };

  const updateStatus = (trace, wanted, found) => {
    const shown = rows.filter((row) => !row.hidden).length;
    title.textContent = chosen ? `Links of ${names.get(chosen.id)}` : heading;
    all.hidden = !(chosen || wanted);
    const assets = (count) => (count === 1 ? "1 asset" : `${count} assets`);
    if (chosen) status.textContent = `${assets(trace.nodes.size - 1)} up- and downstream`;
    else if (wanted) status.textContent = `${assets(found.length)} found`;
    else status.textContent = shown || !rows.length ? "" : "No link with these changes";
  };

  // Assets: mouse and keyboard

  const focusable = (node) => {
    nodes.forEach((each) => each.setAttribute("tabindex", each === node ? "0" : "-1"));
    return node;
  };
  const choose = (node) => {
    chosen = node === chosen ? null : node;
    show();
  };
  const reveal = (node) => node.scrollIntoView({ block: "nearest", inline: "nearest" });

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const beside = (node, [across, down]) => {
    const middle = (each) => {
      const box = each.querySelector(".face").getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = middle(node);
    const distance = (each) => {
      const [dx, dy] = middle(each).map((value, index) => value - [x, y][index]);
      const ahead = dx * across + dy * down;
      return ahead > 1 ? ahead + 3 * Math.abs(dx * down + dy * across) : Infinity;
    };
    return nodes.reduce((best, each) => (distance(each) < distance(best) ? each : best), node);
  };

  const onKey = (event) => {
    const node = event.target.closest(".node");
    if (event.key === "Escape" && chosen) choose(chosen);
    else if (node && (event.key === "Enter" || event.key === " ")) choose(node);
    else if (node && STEPS[event.key]) focusable(beside(node, STEPS[event.key])).focus();
    else if (event.key === "+" || event.key === "=") resize(scale * 1.25);
    else if (event.key === "-") resize(scale / 1.25);
    else if (event.key === "0") resize(whole());
    else return;
    event.preventDefault();
  };

  const open = (way) => {
    const row = rows.find(({ dataset }) => dataset.source === way.dataset.source && dataset.target === way.dataset.target);
    if (!row) return;
    if (row.hidden) clear();
    row.open = true;
    row.scrollIntoView({ block: "nearest" });
  };
  const clear = () => {
    chosen = null;
    one("#find").value = "";
    show();
  };

  // Dragging with a mouse; on a touch screen, the browser scrolls

  let drag = null;
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button) return;
    drag = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop, moved: false };
  });
  addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [across, down] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved ||= Math.hypot(across, down) > 4;
    frame.classList.toggle("is-dragging", drag.moved);
    if (drag.moved) frame.scrollTo(drag.left - across, drag.top - down);
  });
  let dragged = false;
  addEventListener("pointerup", () => {
    dragged = Boolean(drag?.moved);
    drag = null;
    frame.classList.remove("is-dragging");
  });
  frame.addEventListener("click", (event) => {
    const [node, way] = [event.target.closest(".node"), event.target.closest(".link, .count")];
    if (dragged) return;
    if (node) choose(focusable(node));
    else if (way) open(way);
    else if (chosen) choose(chosen);
  });
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = frame.getBoundingClientRect();
      resize(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );

  // Start

  document.documentElement.classList.add("has-script");
  nodes.forEach((node) => {
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", node.querySelector("title").textContent);
  });
  if (nodes.length) focusable(nodes[0]);
  frame.addEventListener("keydown", onKey);
  addEventListener("resize", hintAtPan);
  one("#larger").addEventListener("click", () => resize(scale * 1.25));
  one("#smaller").addEventListener("click", () => resize(scale / 1.25));
  one("#fit").addEventListener("click", () => resize(whole()));
  all.addEventListener("click", clear);
  one("#find").addEventListener("input", () => {
    chosen = null;
    show();
  });
  one("#find").addEventListener("keydown", (event) => {
    const first = nodes.find((node) => node.classList.contains("is-found"));
    if (event.key === "Escape") clear();
    if (event.key !== "Enter" || !first) return;
    choose(focusable(first));
    reveal(first);
  });
  every(".chip").forEach((chip) => {
    chip.disabled = false;
    chip.setAttribute("aria-pressed", "true");
    chip.addEventListener("click", () => {
      const { change } = chip.dataset;
      if (!off.delete(change)) off.add(change);
      chip.setAttribute("aria-pressed", String(!off.has(change)));
      show();
    });
  });
  resize(Math.max(whole(), Math.min(READABLE, 1)));
  frame.scrollTo(0, 0);
  show();
})();
