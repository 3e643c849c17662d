// Pan and zoom by drag, wheel, pinch, buttons, and keys. The picture moves without a redraw.

/** The smallest scale at which the smallest labels are 11 pixels high. */
export const LEGIBLE = 0.92;
/** The space around the picture, in pixels. */
export const MARGIN = 24;

const LIMITS = { least: 0.1, most: 2.5, fitted: 1.25, kept: 60 };
const STEP = 60;
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Viewport {
  /** `touched` is true if the user moved the view after the last fit. */
  touched = false;
  #view = null;
  #size = null;
  #pointers = new Map();

  /** Calls `moved(isPart)` when the view changes: whether a part of the picture is outside of the surface. */
  constructor(surface, layer, moved = () => {}) {
    this.surface = surface;
    this.layer = layer;
    this.moved = moved;
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    surface.addEventListener("pointerdown", (event) => this.#down(event));
    surface.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) surface.addEventListener(end, (event) => this.#up(event));
  }

  /** Resets the view. The next picture appears without an animation. */
  reset() {
    this.#view = null;
    this.touched = false;
  }

  /** Shows the whole picture, or, if its labels would be too small, the part around `focus` at full size. */
  fit({ width, height }, focus = null, gliding = true) {
    const room = this.#room();
    const whole = Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height, LIMITS.fitted);
    const scale = focus && whole < LEGIBLE ? 1 : Math.max(whole, LIMITS.least);
    const { x, y } = focus ?? { x: width / 2, y: height / 2 };
    this.#size = { width, height };
    this.#set({ scale, x: start(room.width, width * scale, x * scale), y: start(room.height, height * scale, y * scale) }, gliding);
    this.touched = false;
  }

  /** The position of a point of the picture on the surface. */
  locate({ x, y }) {
    return { x: x * this.#view.scale + this.#view.x, y: y * this.#view.scale + this.#view.y };
  }

  /** Moves a point of a picture of this size to a position on the surface. */
  pin({ width, height }, { x, y }, place) {
    const { scale } = this.#view;
    this.#size = { width, height };
    this.#set({ scale, x: place.x - x * scale, y: place.y - y * scale }, false);
  }

  /** Moves the picture until a box is visible. */
  reveal(box) {
    if (!this.#view) return;
    const room = this.#room();
    const start = this.locate(box);
    const end = this.locate({ x: box.x + box.width, y: box.y + box.height });
    const dx = push(start.x, end.x, room.width);
    const dy = push(start.y, end.y, room.height);
    if (dx || dy) this.#set({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, true);
  }

  /** Zooms around the center of the surface. */
  zoom(factor) {
    const room = this.#room();
    this.#zoomAt({ x: room.width / 2, y: room.height / 2 }, factor, true);
  }

  /** Moves the view by one step in the direction of an arrow key. */
  pan(key) {
    const [x, y] = ARROWS[key];
    this.#moveBy(x * STEP, y * STEP, true);
  }

  /** The size of the surface. */
  get room() {
    const { width, height } = this.#room();
    return { width, height };
  }

  #room() {
    return this.surface.getBoundingClientRect();
  }

  #set(view, gliding) {
    this.layer.classList.toggle("is-gliding", gliding && this.#view !== null);
    this.#view = view;
    this.layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    const room = this.#room();
    const { width, height } = this.#size;
    this.moved(isOutside(view.x, width * view.scale, room.width) || isOutside(view.y, height * view.scale, room.height));
  }

  #moveBy(dx, dy, gliding = false) {
    if (!this.#view) return;
    this.touched = true;
    this.#set(this.#kept({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }), gliding);
  }

  // A part of the picture always stays on the surface.
  #kept({ scale, x, y }) {
    const room = this.#room();
    const { width, height } = this.#size;
    const within = (from, length, space) => Math.min(space - LIMITS.kept, Math.max(LIMITS.kept - length * scale, from));
    return { scale, x: within(x, width, room.width), y: within(y, height, room.height) };
  }

  #zoomAt(place, factor, gliding = false) {
    if (!this.#view) return;
    const { x, y, scale } = this.#view;
    const next = Math.min(LIMITS.most, Math.max(LIMITS.least, scale * factor));
    const ratio = next / scale;
    this.touched = true;
    const view = { scale: next, x: place.x - (place.x - x) * ratio, y: place.y - (place.y - y) * ratio };
    this.#set(this.#kept(view), gliding);
  }

  #wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey) this.#moveBy(-(dx || dy), 0);
    else if (Math.abs(dx) > Math.abs(dy)) this.#moveBy(-dx, 0);
    else this.#zoomAt(this.#placeOf(event), Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.0015)));
  }

  #down(event) {
    if (event.button === 0) this.#pointers.set(event.pointerId, this.#placeOf(event));
  }

  #move(event) {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    if (event.buttons === 0) return this.#up(event); // released outside
    const now = this.#placeOf(event);
    // A press without a real movement is a click.
    if (!this.surface.hasPointerCapture(event.pointerId)) {
      if (Math.hypot(now.x - last.x, now.y - last.y) < 4) return;
      this.surface.setPointerCapture(event.pointerId);
    }
    this.#pointers.set(event.pointerId, now);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.#pinch(other, last, now);
    else this.#moveBy(now.x - last.x, now.y - last.y);
  }

  #pinch(other, last, now) {
    const distance = (place) => Math.max(1, Math.hypot(place.x - other.x, place.y - other.y));
    this.#zoomAt({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, distance(now) / distance(last));
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
  }

  #placeOf(event) {
    const room = this.#room();
    return { x: event.clientX - room.left, y: event.clientY - room.top };
  }
}

function push(start, end, room) {
  if (start < MARGIN) return MARGIN - start;
  if (end > room - MARGIN) return Math.max(room - MARGIN - end, MARGIN - start);
  return 0;
}

// Where a picture starts: in the center if it fits, or else with `focus` as near to the center as possible.
function start(room, length, focus) {
  if (length <= room - 2 * MARGIN + 1) return (room - length) / 2;
  return Math.min(MARGIN, Math.max(room - MARGIN - length, room / 2 - focus));
}

function isOutside(from, length, room) {
  return from < -1 || from + length > room + 1;
}
