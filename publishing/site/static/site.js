// What makes the pages handier. Without it everything can be read all the same.
"use strict";

const root = document.currentScript.dataset.root;

// The list of all pages is open beside the text, and folded above it on a phone.
const menu = document.querySelector(".menu");
if (menu && matchMedia("(max-width: 52rem)").matches) menu.open = false;
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest" });

// Copy: of a terminal, what was typed; of everything else, all of it.
function typed(text) {
  const lines = [];
  let goesOn = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("$ ")) lines.push(line.slice(2));
    else if (goesOn) lines.push(line);
    else continue;
    const quotes = lines.slice(lines.findLastIndex((one) => one === line.slice(2))).join("\n").split("'").length - 1;
    goesOn = line.endsWith("\\") || quotes % 2 === 1;
  }
  return lines.join("\n");
}
if (navigator.clipboard) {
  for (const figure of document.querySelectorAll("figure.code:not(.source)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const text = figure.querySelector("code").textContent;
      await navigator.clipboard.writeText(figure.dataset.language === "console" ? typed(text) : text);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    figure.append(button);
  }
}

// A link on each heading that has a name.
for (const heading of document.querySelectorAll(".prose h2[id], .prose h3[id]")) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.textContent = "#";
  link.setAttribute("aria-label", `Link to ${heading.textContent}`);
  heading.append(link);
}

// Long tables can be filtered.
for (const table of document.querySelectorAll(".prose table")) {
  const rows = [...table.tBodies[0]?.rows ?? []];
  if (rows.length < 40) continue;
  const input = document.createElement("input");
  input.type = "search";
  input.className = "table-filter";
  input.placeholder = `Filter ${rows.length} rows`;
  input.setAttribute("aria-label", "Filter the rows of the table");
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  table.parentElement.before(input);
}

// Requirements: by level and by words.
const filter = document.querySelector("form.filter");
if (filter) {
  filter.hidden = false;
  const entries = [...document.querySelectorAll(".requirements > li")];
  const apply = () => {
    const levels = new FormData(filter).getAll("level");
    const wanted = filter.elements.text.value.toLowerCase();
    for (const entry of entries) {
      entry.hidden = !levels.includes(entry.dataset.level) || !entry.textContent.toLowerCase().includes(wanted);
    }
    for (const area of document.querySelectorAll(".area")) area.hidden = !area.querySelector("li:not([hidden])");
    filter.querySelector("output").value = `${entries.filter((entry) => !entry.hidden).length} of ${entries.length}`;
  };
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

// Search: all words must occur; what begins with them comes first.
const box = document.querySelector(".search");
const input = document.querySelector("#search");
const list = document.querySelector("#found");
if (box && window.searchIndex) {
  box.hidden = false;
  let chosen = -1;
  const close = () => { list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); };
  const choose = (index) => {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (!words.length) return close();
    const found = window.searchIndex
      .map((entry) => ({ entry, text: entry.words.toLowerCase() }))
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .sort((a, b) => Number(b.text.startsWith(words[0])) - Number(a.text.startsWith(words[0])))
      .slice(0, 30);
    found.forEach(({ entry }, at) => {
      const option = document.createElement("li");
      option.id = `found-${at}`;
      option.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = root + entry.place;
      link.tabIndex = -1;
      link.textContent = entry.words;
      const kind = document.createElement("small");
      kind.textContent = entry.kind;
      link.append(kind);
      option.append(link);
      list.append(option);
    });
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = "Nothing found";
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(0);
  };
  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") list.querySelector("[aria-selected=true] a")?.click();
    else if (event.key === "Escape") { close(); input.blur(); }
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", close);
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });
}
