// The console: asks the mock how the sandbox stands while someone is looking, and does what the buttons say.
import { $, plural, write } from "./dom.js";
import { showJournal } from "./journal.js";
import { showLanes, showNoLanes } from "./lanes.js";
import { call, change, currentKey, curl, Refused, say, useKey } from "./mock.js";
import { showDeviations, showFaults } from "./trouble.js";

const EVERY = 1000;
const RETAILERS = ["amazon", null, "walmart", "target"];
const ADDRESS = { name: "Ada Example", address_line_1: "1 Example Street", city: "Springfield", postal_code: "62701", country: "US" };
const NEXT_LINE = " \\\n  ";

let snapshot = null;
let round = 0; // grows with each change, so that an answer from before it is not shown after it
let timer = 0;
let asked = 0;

// Asking

const isLive = () => $("#live").getAttribute("aria-pressed") === "true";

async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  const began = performance.now();
  try {
    const [state, { requests }, { faults }, deviations] = await Promise.all([
      call("GET", "/_mock/snapshot"), call("GET", "/_mock/requests"), call("GET", "/_mock/faults"),
      asked % 5 === 0 ? call("GET", "/_mock/deviations") : null,
    ]);
    if (mine !== round) return;
    asked++;
    snapshot = state;
    draw();
    showJournal(requests);
    showFaults(faults);
    if (deviations) showDeviations(deviations);
    mood(isLive() ? "Live" : "Paused", "");
  } catch (problem) {
    if (mine !== round) return;
    asked = 0;
    if (problem instanceof Refused) {
      mood("Refused", "bad");
      clear(`${problem.message} Give a key that this mock lets in.`);
    } else if (problem instanceof TypeError) {
      mood("No answer", "bad");
    } else throw problem;
  }
  // A large sandbox is asked less often: the mock has others to answer.
  schedule(Math.max(EVERY, (performance.now() - began) * 10));
}

function schedule(wait) {
  clearTimeout(timer);
  if (isLive() && !document.hidden) timer = setTimeout(refresh, wait);
}

function mood(text, kind) {
  write($("#live span"), text);
  $("#live").dataset.mood = kind || text.toLowerCase();
}

document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : isLive() && refresh()));
document.addEventListener("changed", refresh);
addEventListener("resize", () => snapshot && draw());
$("#live").addEventListener("click", () => {
  $("#live").setAttribute("aria-pressed", String(!isLive()));
  if (isLive()) refresh();
  else { clearTimeout(timer); mood("Paused", ""); }
});

// Showing

function draw() {
  const { mode, now } = snapshot.clock;
  write($("#now"), now.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"));
  $("#now").dateTime = now;
  for (const radio of document.querySelectorAll("[name=mode]")) radio.checked = radio.value === mode;
  for (const button of document.querySelectorAll(".advance")) {
    button.disabled = mode === "real";
    button.title = mode === "real" ? "Only a manual clock can be moved" : "Move the clock forward";
  }
  showLanes(snapshot, Number($("#range").value), submitOrder);
}

function greet() {
  write($(".the-key"), currentKey());
  const account = { email: "shopper@example.com", password: "your-amazon-password", retailer: "amazon" };
  const order = { ...sampleOrder("https://www.amazon.com/dp/B0EXAMPLE1"), shipping_address: { city: "Springfield", country: "US" } };
  write($("#first-account"), curl("POST", "/users/managed-accounts", account, NEXT_LINE));
  write($("#first-order"), curl("POST", "/orders", order, NEXT_LINE));
}

function clear(why) {
  snapshot = null;
  asked = 0;
  showNoLanes(why);
  showJournal([]);
  showFaults([]);
}

// Doing

const sampleOrder = (url) => ({ products: [{ url }], shipping_address: ADDRESS, max_price: 5000 });

function submitOrder(shortId) {
  const order = sampleOrder($("#product").value);
  if (shortId) order.retailer_credentials_id = shortId;
  return change("POST", "/orders", order, ({ id, status }) => `Order ${id.slice(0, 8)} is ${status}.`);
}

const moved = ({ transitions }) => (transitions.length ? `${plural(transitions.length, "transition")} happened.` : "Nothing was due.");

$("#order").addEventListener("click", () => submitOrder());
$("#account").addEventListener("click", () => {
  const number = (snapshot?.accounts.length ?? 0) + 1;
  const account = { email: `shopper-${number}@example.com`, retailer: RETAILERS[(number - 1) % RETAILERS.length] };
  change("POST", "/users/managed-accounts", account, ({ short_id: shortId }) => `${shortId} is there.`);
});
for (const button of document.querySelectorAll(".advance")) {
  button.addEventListener("click", () => change("POST", "/_mock/clock/advance", { seconds: Number(button.dataset.seconds) }, moved));
}
$("#settle").addEventListener("click", () => {
  if (snapshot?.clock.mode === "real") say("Waiting until no order is waiting or running…");
  change("POST", "/_mock/settle", undefined, moved);
});
for (const radio of document.querySelectorAll("[name=mode]")) {
  radio.addEventListener("change", () => change("PUT", "/_mock/clock", { mode: radio.value }, ({ mode }) => `The clock is ${mode}.`));
}
$("#journal-clear").addEventListener("click", () => change("DELETE", "/_mock/requests", undefined, () => "The journal is empty."));
$("#range").addEventListener("change", () => snapshot && draw());

$("#reset").addEventListener("click", ({ currentTarget: button }) => {
  if (button.dataset.sure) {
    unsure();
    asked = 0;
    change("POST", "/_mock/reset", undefined, () => "A fresh sandbox.");
  } else {
    button.dataset.sure = "yes";
    write(button, "Sure?");
  }
});
$("#reset").addEventListener("blur", unsure);

function unsure() {
  delete $("#reset").dataset.sure;
  write($("#reset"), "Reset");
}

$("#key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  takeKey();
});
$("#key").addEventListener("change", () => $("#key").reportValidity() && takeKey());

function takeKey() {
  if ($("#key").value === currentKey()) return;
  useKey($("#key").value);
  clear("");
  say("");
  greet();
  refresh();
}

for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => {
    $("#main").dataset.view = button.dataset.view;
    for (const other of document.querySelectorAll(".views button")) {
      if (other === button) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    if (snapshot) draw(); // what was hidden had no width
  });
}

document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.(".copy")) return;
  const source = target.dataset.copy ? $(`#${target.dataset.copy}`) : target.previousElementSibling;
  try {
    await navigator.clipboard.writeText(source.textContent);
    write(target, "Copied");
    setTimeout(() => write(target, "Copy"), 1500);
  } catch { // browsers give no clipboard to pages of other machines without TLS
    getSelection().selectAllChildren(source);
  }
});

$("#key").value = currentKey();
greet();
refresh();
