// What stands behind a row or a bar: why an answer was what it was, or the life of an order.
import { $, clockTime, duration, h } from "./dom.js";
import { call, curl, shownKey } from "./mock.js";

const drawer = $("#drawer");
const body = $("#drawer-body");

$("#drawer-close").addEventListener("click", () => drawer.close());
drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });

function show(title, ...content) {
  $("#drawer-title").replaceChildren(...title);
  body.replaceChildren(...content.flat().filter(Boolean));
  body.scrollTop = 0;
  if (!drawer.open) drawer.showModal();
}

/** Show a journal entry with its explanation. */
export async function openRequest(entry) {
  const { request, response } = entry;
  const title = [pill(response), h("b", {}, request.method), ` ${request.path}`];
  show(title, h("p", { class: "muted" }, "Asking why…"));
  const why = await call("GET", `/_mock/requests/${encodeURIComponent(entry.id)}/explain`).catch(() => null);
  show(title,
    h("p", { class: "summary" }, why ? why.summary : "The journal no longer has this request."),
    why && facts([
      ["Operation", why.operation && h("a", { href: linkOf(why.operation) }, why.operation)],
      ["Specification", why.specification && h("code", {}, why.specification)],
      ["State", why.state],
      ["Validation", why.validation.length && h("ul", {}, why.validation.map((problem) =>
        h("li", {}, h("b", {}, problem.field), ` ${problem.reason} `, h("code", { class: "muted" }, problem.keyword))))],
      ["Fault", why.fault && json(why.fault)],
      ["Deviations", why.deviations.join(", ")],
      ["Ignored", why.ignored.join(", ")],
      ["Request id", h("code", {}, entry.id)],
      ["At", `${entry.at} · answered in ${entry.duration_ms} ms`],
    ]),
    why?.nearest_valid_request && part("Nearest valid request", line(why.nearest_valid_request.replace("$ZINC_API_KEY", shownKey))),
    request.body != null && part("Request body", json(request.body)),
    Object.keys(request.query).length > 0 && part("Query", json(request.query)),
    part("Answer", response.dropped ? h("p", {}, "The connection was closed without an answer.") : json(response.body)),
    part("Answer's headers", json(response.headers)),
    part("Ask again from a shell", line(curl("GET", `/_mock/requests/${entry.id}/explain`))));
}

/** Show an order: its life, and all that the sandbox knows of it. */
export function openOrder(order) {
  const { created_at: created, started_at: started, finished_at: finished } = order;
  const after = (instant, before) => `${instant} · after ${duration(Date.parse(instant) - Date.parse(before))}`;
  show([h("span", { class: `pill ${order.status}` }, order.status), "Order ", h("code", {}, order.id.slice(0, 8))],
    order.error && h("p", { class: "summary" }, order.error),
    facts([
      ["Submitted", created],
      ["Started", started ? after(started, created) : "not yet: it waits for the account's lock"],
      ["Finished", finished && after(finished, started ?? created)],
      ["Account", h("code", {}, order.retailer_credentials_id ?? "none: Zinc's own accounts serve it")],
      ["Products", h("ul", {}, order.products.map((product) => h("li", {}, `${product.quantity ?? 1} × ${product.url}`)))],
    ]),
    part("Read it from a shell", line(curl("GET", `/orders/${order.id}`))),
    part("In the snapshot", json(order)));
}

export function pill({ status, dropped }) {
  return h("span", { class: `pill ${dropped ? "s5" : `s${String(status)[0]}`}` }, dropped ? "none" : String(status));
}

function linkOf(operation) {
  const option = [...$("#fault-form select").options].find((one) => one.value === operation);
  return option?.dataset.link ?? "/docs";
}

const part = (title, content) => h("section", {}, h("h3", {}, title), content);

function facts(pairs) {
  return h("dl", {}, pairs.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function line(text) {
  return h("figure", {}, h("pre", {}, text), h("button", { type: "button", class: "copy" }, "Copy"));
}

/** A JSON value as coloured text. */
function json(value) {
  const pre = h("pre", { class: "json" });
  const text = JSON.stringify(value, null, 2) ?? "no body";
  let end = 0;
  for (const token of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g)) {
    const kind = token[2] ? "name" : token[1] ? "text" : "value";
    pre.append(text.slice(end, token.index), h("span", { class: kind }, token[1] ?? token[0]));
    end = token.index + (token[1] ?? token[0]).length;
  }
  pre.append(text.slice(end));
  return pre;
}
