// Pan and zoom by drag, wheel, pinch, buttons, and keys. The picture moves without a redraw.

const LIMITS = { least: 0.15, most: 2.5, readable: 0.5, comfortable: 0.7, margin: 24 };

export class Viewport {
  /** `touched` is true if the user moved the view after the last fit. */
  touched = false;
  #view = null;
  #pointers = new Map();

  constructor(surface, layer) {
    this.surface = surface;
    this.layer = layer;
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

  /** Shows the whole picture, or, if it is too large to read, the part around `focus` at a readable size. */
  fit({ width, height }, focus = null, gliding = true) {
    const room = this.#room();
    const { margin, readable, comfortable } = LIMITS;
    const whole = Math.min((room.width - 2 * margin) / width, (room.height - 2 * margin) / height, 1.25);
    const small = focus && whole < readable;
    const scale = small ? comfortable : Math.max(whole, LIMITS.least);
    const centre = small ? focus : { x: width / 2, y: height / 2 };
    this.#set({ scale, x: room.width / 2 - centre.x * scale, y: room.height / 2 - centre.y * scale }, gliding);
    this.touched = false;
  }

  /** The position of a point of the picture on the surface. */
  locate({ x, y }) {
    return { x: x * this.#view.scale + this.#view.x, y: y * this.#view.scale + this.#view.y };
  }

  /** Moves a point of the picture to a position on the surface. */
  pin({ x, y }, place) {
    const { scale } = this.#view;
    this.#set({ scale, x: place.x - x * scale, y: place.y - y * scale }, false);
  }

  /** Moves the picture until a box is visible. */
  reveal(box) {
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

  #room() {
    return this.surface.getBoundingClientRect();
  }

  #set(view, gliding) {
    this.layer.classList.toggle("is-gliding", gliding && this.#view !== null);
    this.#view = view;
    this.layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  }

  #zoomAt(place, factor, gliding = false) {
    if (!this.#view) return;
    const { x, y, scale } = this.#view;
    const next = Math.min(LIMITS.most, Math.max(LIMITS.least, scale * factor));
    const ratio = next / scale;
    this.touched = true;
    this.#set({ scale: next, x: place.x - (place.x - x) * ratio, y: place.y - (place.y - y) * ratio }, gliding);
  }

  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    this.#zoomAt(this.#placeOf(event), Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)));
  }

  #down(event) {
    if (event.button === 0) this.#pointers.set(event.pointerId, this.#placeOf(event));
  }

  #move(event) {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    const now = this.#placeOf(event);
    // A press without a real movement is a click.
    if (!this.surface.hasPointerCapture(event.pointerId)) {
      if (Math.hypot(now.x - last.x, now.y - last.y) < 4) return;
      this.surface.setPointerCapture(event.pointerId);
    }
    this.#pointers.set(event.pointerId, now);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.#pinch(other, last, now);
    else this.#drag(last, now);
  }

  #drag(last, now) {
    if (!this.#view) return;
    this.touched = true;
    this.#set({ ...this.#view, x: this.#view.x + now.x - last.x, y: this.#view.y + now.y - last.y }, false);
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
  const { margin } = LIMITS;
  if (start < margin) return margin - start;
  if (end > room - margin) return Math.max(room - margin - end, margin - start);
  return 0;
}
