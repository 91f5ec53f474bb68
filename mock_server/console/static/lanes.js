// The queues: a lane for each account, over time. Who holds the lock, who waits for it, what failed.
import { $, clockTime, duration, h, keep, plural, roving, write } from "./dom.js";
import { openOrder } from "./drawer.js";
import { change } from "./mock.js";
import { rowsOf, spanOf, ticks, windowOf } from "./timeline.js";

const STATES = { pending: "waiting", in_progress: "running", order_placed: "placed", order_failed: "failed" };
const HEALTH = ["ok", "login_failed", "account_locked"];
const MOST_ROWS = 7;
const MOST_LANES = 50;
const ROW = 20;

const shortId = (id) => id.slice(0, 8);

/** Show no lane at all, but a sentence why. */
export function showNoLanes(why) {
  $(".lanes").replaceChildren();
  $(".axis").hidden = $(".first").hidden = true;
  write($("#queues-count"), "");
  write($("#lanes > .more"), why);
  $("#lanes > .more").hidden = !why;
}

export function showLanes(snapshot, seconds, submit) {
  const now = Date.parse(snapshot.clock.now);
  const lanes = lanesOf(snapshot);
  const shown = lanes.slice(0, MOST_LANES);
  const stretch = windowOf(snapshot.orders, now, seconds);
  const list = $(".lanes");
  const isEmpty = !lanes.length;
  $(".first").hidden = !isEmpty;
  $(".axis").hidden = list.hidden = isEmpty;
  write($("#queues-count"), isEmpty ? "" : counts(snapshot));
  write($("#lanes > .more"), `${plural(lanes.length - shown.length, "more account")} not drawn`);
  $("#lanes > .more").hidden = lanes.length === shown.length;
  if (isEmpty) return;
  const width = showAxis(stretch, now);
  keep(list, shown, (lane) => lane.key, (lane) => makeLane(lane, submit), (element, lane) => updateLane(element, lane, stretch, now, width));
}

function counts({ accounts, orders }) {
  const waiting = orders.filter((order) => order.status === "pending").length;
  return [plural(accounts.length, "account"), plural(orders.length, "order"), waiting && `${waiting} waiting`].filter(Boolean).join(" · ");
}

/** Accounts in order of creation, then what belongs to accounts that are gone, then what no account serves. */
function lanesOf({ accounts, orders }) {
  const lanes = new Map(accounts.map((account) => [account.short_id, { key: account.short_id, account, orders: [] }]));
  for (const order of orders) {
    const key = order.retailer_credentials_id ?? "";
    if (!lanes.has(key)) lanes.set(key, { key, account: null, orders: [] });
    lanes.get(key).orders.push(order);
  }
  const unserved = lanes.get("");
  lanes.delete("");
  return unserved ? [...lanes.values(), unserved] : [...lanes.values()];
}

/** Draw the instants above the lanes and the lines behind them; returns how wide they are in pixels. */
function showAxis(stretch, now) {
  const axis = $(".axis");
  const wide = axis.clientWidth;
  const marks = ticks(stretch, Math.max(2, wide / 84)).map((at) => ({ at, key: String(at) }));
  const lanes = $(".lanes").style; // the same marks as lines behind the orders
  lanes.setProperty("--first", `${share(stretch, marks[0].at) * wide / 100}px`);
  lanes.setProperty("--step", marks[1] ? `${(marks[1].at - marks[0].at) / (stretch.to - stretch.from) * wide}px` : "100%");
  keep(axis, [...marks, { at: now, key: "now" }], ({ key }) => key, ({ key, at }) => h("span", { class: key === "now" ? "now" : "tick" },
    key === "now" ? "now" : clockTime(new Date(at).toISOString())), (element, { key, at }) => {
    place(element, stretch, at);
    const [x, present] = [at, now].map((instant) => (share(stretch, instant) / 100) * wide);
    element.hidden = key === "now" ? x < 0 || x > wide : x > wide - 62 || (x > present - 80 && x < present + 18);
  });
  return wide;
}

const share = ({ from, to }, at) => ((at - from) / (to - from)) * 100;
const place = (element, stretch, at) => { element.style.left = `${share(stretch, at)}%`; };

function makeLane({ key, account }, submit) {
  const name = account?.email ?? (key ? "A deleted account" : "No managed account");
  const lane = h("li", { class: "lane" },
    h("div", { class: "head" },
      h("p", { class: "who" }, h("b", {}), h("span", { class: "retailer" })),
      h("p", { class: "state muted" }, h("code", {}, key || "Zinc's own accounts"), h("span")),
      h("div", { class: "acts" },
        account && h("select", { class: "health", "aria-label": `Health of ${key}`, onchange: (event) => setHealth(key, event.target) },
          HEALTH.map((state) => h("option", { value: state }, state.replace("_", " ")))),
        account && h("button", { type: "button", title: `Submit a sample order to ${key}`, onclick: () => submit(key) }, "+ order"))),
    h("div", { class: "track", role: "group", "aria-label": `Orders of ${name}` },
      h("i", { class: "now", "aria-hidden": "true" }), h("div", { class: "orders" }), h("span", { class: "more muted" })));
  const track = $(".track", lane);
  track.settle = roving(track, ".order");
  return lane;
}

async function setHealth(shortId, select) {
  await change("PUT", `/_mock/accounts/${encodeURIComponent(shortId)}/health`, { state: select.value },
    ({ state }) => `${shortId} is ${state} now.`);
}

function updateLane(element, { key, account, orders }, stretch, now, width) {
  write($(".who b", element), account?.email ?? (key ? "Deleted account" : "No managed account"));
  $(".who b", element).title = account?.email ?? "";
  write($(".retailer", element), account ? account.retailer ?? "default" : "");
  write($(".state span", element), stateOf(account, orders));
  const health = $(".health", element);
  if (health) {
    if (health.value !== account.health) health.value = account.health;
    health.classList.toggle("bad", account.health !== "ok");
  }
  const visible = orders.map((order) => ({ order, ...spanOf(order, now) })).filter((span) => span.to >= stretch.from && span.from <= stretch.to);
  const queue = orders.filter((order) => order.status === "pending").map((order) => order.id);
  const rows = rowsOf(visible, (stretch.to - stretch.from) * 0.02);
  const drawn = visible.map((span, index) => ({ ...span, row: rows[index] })).filter(({ row }) => row < MOST_ROWS);
  const more = visible.length - drawn.length;
  const track = $(".track", element);
  track.style.setProperty("--rows", Math.max(2, ...drawn.map(({ row }) => row + 1)) + (more ? 1 : 0));
  write($(".more", track), more ? `and ${more} more` : orders.length && !drawn.length ? `${plural(orders.length, "order")} earlier` : "");
  place($("i.now", track), stretch, now);
  const scale = width / (stretch.to - stretch.from);
  keep($(".orders", track), drawn, ({ order }) => order.id, makeOrder, (button, span) => updateOrder(button, { ...span, turn: queue.indexOf(span.order.id) + 1 }, stretch, scale));
  track.settle();
}

function stateOf(account, orders) {
  const running = orders.filter((order) => order.status === "in_progress").length;
  const waiting = orders.filter((order) => order.status === "pending").length;
  if (!account) return running ? `${running} in progress` : "no lock";
  return waiting ? `${running ? "held" : "free"} · ${waiting} waiting` : `lock ${running ? "held" : "free"}`;
}

function makeOrder({ order }) {
  return h("button", { type: "button", class: "order", onclick: (event) => openOrder(event.currentTarget.order) },
    h("i", { class: "wait" }), h("span", { class: "run" }));
}

function updateOrder(button, { order, from, start, to, isOpen, row, turn }, stretch, scale) {
  button.order = order;
  const state = STATES[order.status];
  button.className = `order ${state}${isOpen ? " open" : ""}`;
  const left = Math.max(from, stretch.from);
  button.style.left = `${share(stretch, left)}%`;
  button.style.width = `${((to - left) / (stretch.to - stretch.from)) * 100}%`;
  button.style.top = `${row * ROW}px`;
  const whole = Math.max(to - left, 1);
  const begun = Math.max(start ?? to, left);
  $(".wait", button).style.flexBasis = `${(Math.min(begun - left, whole) / whole) * 100}%`;
  const room = (to - begun) * scale;
  const label = state === "failed" ? order.error_type : shortId(order.id);
  write($(".run", button), turn ? String(turn) : room > label.length * 6.6 + 14 ? label : "");
  const times = [start === null ? `waited ${duration(to - from)}` : `waited ${duration(start - from)}, in progress ${duration(to - start)}`];
  const word = turn ? `${state}, number ${turn} in line` : order.error_type ? `${state}, ${order.error_type}` : state;
  const text = `Order ${shortId(order.id)}: ${word}; submitted ${clockTime(order.created_at)}, ${times}`;
  if (button.title !== text) {
    button.title = text;
    button.setAttribute("aria-label", text);
  }
}
