// Draws the document that the page names. The renderer's usage statistics stay off.
import { init } from "./vendor/redoc.standalone.js";

const main = document.querySelector("#main");
const bar = document.querySelector(".bar");

init(main.dataset.document, {
  disableTelemetry: true,
  sanitize: true,
  downloadUrls: main.dataset.downloads.split(" ").map((url) => ({ url, title: url.slice(1) })),
  schemasExpansionLevel: 2,
  jsonSamplesExpandLevel: 6,
  scrollYOffset: () => bar.offsetHeight,
}, main);
