// The journal, newest first. Rows keep their elements, so that a reader keeps the place while new ones come in.
import { $, clockTime, h, keep, plural, roving, write } from "./dom.js";
import { openRequest, pill } from "./drawer.js";

const MOST_ROWS = 200;
const settle = roving($("#journal-rows"), "button");
let entries = [];
let shown = "";

$("#journal-filter").addEventListener("input", () => showJournal(entries));
$("#journal-rows").addEventListener("click", (event) => {
  const row = event.target.closest("tr");
  if (row && !getSelection().toString()) openRequest(row.entry);
});

export function showJournal(requests) {
  entries = requests;
  const filter = $("#journal-filter").value.trim().toLowerCase();
  const state = `${requests.length} ${requests.length && keyOf(requests.at(-1))} ${filter}`;
  if (state === shown) return;
  shown = state;
  const found = filter ? requests.filter((entry) => fits(entry, filter.split(/\s+/))) : requests;
  const newest = found.slice(-MOST_ROWS).reverse();
  keep($("#journal-rows"), newest, keyOf, makeRow);
  settle();
  write($("#journal-count"), requests.length ? plural(requests.length, "request") : "");
  const empty = $("#journal-empty");
  empty.hidden = newest.length > 0;
  write(empty, filter ? "No request fits the filter." : "No request with this key yet. Each one shows up here as it is answered.");
}

// Ids begin anew with a reset.
const keyOf = ({ id, at, duration_ms: took }) => `${id} ${at} ${took}`;

function fits(entry, words) {
  const { request, response, operation } = entry;
  const text = [response.status, request.method, request.path, operation, ...marksOf(entry).map(([, mark]) => mark)].join(" ").toLowerCase();
  return words.every((word) => (/^[1-5]xx$/.test(word) ? String(response.status)[0] === word[0] : text.includes(word)));
}

/** What is worth knowing of a request besides its status: [kind, text] each. */
function marksOf({ response, validation, ignored, fault, deviations }) {
  const fields = [...new Set(validation.map((problem) => problem.field))];
  return [
    fault && ["fault", fault.id],
    ...deviations.map((name) => ["deviation", name]),
    response.dropped && ["fault", "no answer"],
    fields.length && ["invalid", `invalid: ${fields.join(", ")}`],
    !fields.length && response.status >= 400 && response.body?.code && ["invalid", response.body.code],
    ignored.length && ["ignored", `ignored: ${ignored.join(", ")}`],
  ].filter(Boolean);
}

function makeRow(entry) {
  const { request, response } = entry;
  const row = h("tr", {},
    h("td", { class: "mono muted" }, clockTime(entry.at)),
    h("td", {}, pill(response)),
    h("td", { class: "request" }, h("button", { type: "button", class: "bare mono", title: "Why this answer?" },
      h("b", {}, request.method), ` ${request.path}`)),
    h("td", { class: "operation muted" }, entry.operation ?? ""),
    h("td", { class: "marks" }, marksOf(entry).map(([kind, text]) => h("span", { class: `mark ${kind}` }, text))),
    h("td", { class: "mono muted took" }, `${entry.duration_ms < 10 ? entry.duration_ms.toFixed(1) : Math.round(entry.duration_ms)} ms`));
  row.entry = entry;
  return row;
}
