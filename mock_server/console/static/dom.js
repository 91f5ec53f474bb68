// Elements, lists that keep their elements, and words for instants. Text only ever becomes text: nothing here parses HTML.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Make an element. Attributes that begin with `on` are listeners; false, null and undefined are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Make the children of an element those of a list; an item that stays keeps its element, and with it the focus. */
export function keep(parent, items, keyOf, make, update) {
  const wanted = new Set(items.map(keyOf));
  const had = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) had.set(child.dataset.key, child);
    else child.remove();
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = had.get(key);
    if (!element) {
      element = make(item);
      element.dataset.key = key;
    }
    update?.(element, item);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/** Let Tab reach one element of a list, and the arrow keys the others from there. Call the result after each change. */
export function roving(list, selector) {
  const all = () => [...list.querySelectorAll(selector)];
  const stopAt = (chosen) => all().forEach((one) => { one.tabIndex = one === chosen ? 0 : -1; });
  let chosen = null;
  list.addEventListener("focusin", ({ target }) => target.matches(selector) && stopAt(chosen = target));
  list.addEventListener("keydown", (event) => {
    const items = all();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next = event.target.matches(selector) && items[items.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return () => stopAt(list.contains(chosen) ? chosen : list.querySelector(selector));
}

/** Change a text only when it differs: what stays the same is not announced again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence in which backquotes mark code. */
export const prose = (text) => text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));

export const clockTime = (instant) => instant.slice(11, 19);

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export function duration(milliseconds) {
  if (milliseconds > 0 && milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
