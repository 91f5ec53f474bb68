// Trouble on request: faults and deviations.
import { $, duration, h, keep, prose, roving, write } from "./dom.js";
import { change } from "./mock.js";

const form = $("#fault-form");
const badge = (view) => $(`.views [data-view="${view}"] b`);

function count(view, text, number) {
  write($(`#${view}-count`), text);
  $(`#${view}-clear`).hidden = number === 0;
  write(badge(view), number ? String(number) : "");
}

// Faults

export function showFaults(faults) {
  count("faults", faults.length ? String(faults.length) : "", faults.length);
  keep($("#fault-list"), faults, (fault) => fault.id,
    () => h("li", {}, h("b"), h("span", { class: "effect" }), h("span", { class: "fired muted" })),
    (element, fault) => {
      write($("b", element), fault.operation ?? "Every operation");
      write($(".effect", element), effectOf(fault));
      element.classList.toggle("spent", fault.times !== undefined && fault.fired >= fault.times);
      write($(".fired", element), fault.times === undefined ? `fired ${fault.fired}×` : `fired ${fault.fired} of ${fault.times}`);
    });
}

function effectOf({ status, code, delay_ms: delay, drop, phase, rate }) {
  const parts = [
    drop && "drops the connection",
    (status || code) && `answers ${[status, code].filter(Boolean).join(" ")}`,
    delay > 0 && `waits ${duration(delay)}`,
    phase === "after" && "after the change",
    rate < 1 && `${Number((rate * 100).toFixed(1))} % of the time`,
  ];
  return parts.filter(Boolean).join(", ");
}

form.elements.effect.addEventListener("change", chooseEffect);

function chooseEffect() {
  for (const label of form.querySelectorAll("[data-effect]")) {
    label.hidden = label.dataset.effect !== form.elements.effect.value;
    $("input", label).disabled = label.hidden;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const effect = given.get("effect");
  const fault = { operation: given.get("operation"), code: given.get("code"), phase: given.get("phase") === "after" ? "after" : "" };
  for (const name of ["times", "rate", "seed", effect]) if (given.get(name)) fault[name] = Number(given.get(name));
  if (effect === "drop") fault.drop = true;
  for (const name of Object.keys(fault)) if (fault[name] === "") delete fault[name];
  await change("POST", "/_mock/faults", fault, ({ id }) => `${id} is set.`);
});

$("#faults-clear").addEventListener("click", () => change("DELETE", "/_mock/faults", undefined, () => "No fault is set any more."));

// Deviations

const settle = roving($("#deviation-list"), "input");
let known = { active: [], available: [] };

export function showDeviations(deviations) {
  known = deviations;
  const { active, available } = deviations;
  count("deviations", active.length ? `${active.length} of ${available.length} on` : String(available.length || ""), active.length);
  const words = $("#deviations-filter").value.trim().toLowerCase().split(/\s+/);
  const onlyActive = $("#deviations-on").checked;
  const found = available.filter(({ name, requirement, about }) => (!onlyActive || active.includes(name))
    && words.every((word) => `${name} ${requirement} ${about}`.toLowerCase().includes(word)));
  keep($("#deviation-list"), found, ({ name }) => name, makeDeviation, (element, { name }) => {
    $("input", element).checked = active.includes(name);
  });
  settle();
  const empty = $("#deviations-empty");
  empty.hidden = found.length > 0;
  write(empty, available.length ? "No deviation fits the search." : "This mock knows no deviations.");
}

function makeDeviation({ name, requirement, about }) {
  return h("li", {}, h("label", {},
    h("input", { type: "checkbox", role: "switch", onchange: (event) => toggle(name, event.target.checked) }),
    h("span", {}, h("b", { class: "mono" }, name), h("span", { class: "about" }, prose(about), " ", h("code", { class: "requirement" }, requirement)))));
}

async function toggle(name, isOn) {
  const others = known.active.filter((one) => one !== name);
  const answer = await change("PUT", "/_mock/deviations", isOn ? [...others, name] : others, () => `${name} is ${isOn ? "on" : "off"}.`);
  showDeviations(answer ?? known);
}

for (const id of ["#deviations-filter", "#deviations-on"]) $(id).addEventListener("input", () => showDeviations(known));
$("#deviations-clear").addEventListener("click", async () => {
  const answer = await change("PUT", "/_mock/deviations", [], () => "All deviations are off.");
  showDeviations(answer ?? known);
});
