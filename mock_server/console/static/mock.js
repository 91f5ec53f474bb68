// The mock, called as the key that the page works with. The key stays in this tab and only ever leaves as a header.
import { $, write } from "./dom.js";

const STORED = "zinc-mock.key";

export const currentKey = () => sessionStorage.getItem(STORED) ?? $("#key").dataset.default;
export const useKey = (key) => sessionStorage.setItem(STORED, key);

/** What the mock answered instead of a success. */
export class Refused extends Error {
  constructor(status, body) {
    const details = Object.entries(body?.details ?? {}).map(([field, reason]) => `${field} ${reason}`);
    super([`${status} ${body?.code ?? ""}`.trim(), body?.message, ...details].filter(Boolean).join(" · "));
    this.status = status;
  }
}

/** Call the mock; resolves with the JSON value of a success, or null where there is none. */
export async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${currentKey()}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: JSON.stringify(body), cache: "no-store" });
  const answer = await response.json().catch(() => null); // a deviation may break even the JSON
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** Return what stands for the key in a curl line: a key of the test mode itself, a variable for any other. */
export const shownKey = () => (/^zn_test_\w*$/.test(currentKey()) ? currentKey() : "$ZINC_API_KEY");

/** Return the curl line of a call. */
export function curl(method, path, body, joint = " ") {
  const words = [`curl ${method === "GET" ? "" : `-X ${method} `}${location.origin}${path}`, `-H "Authorization: Bearer ${shownKey()}"`];
  if (body !== undefined) {
    const text = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
    words.push("-H 'Content-Type: application/json'", `-d '${text}'`);
  }
  return words.join(joint);
}

/** Change something, and show at the foot of the page the call that did it and how it went. */
export async function change(method, path, body, describe = () => "Done.") {
  write($("#last"), curl(method, path, body));
  $("footer .copy").hidden = false;
  try {
    const answer = await call(method, path, body);
    say(describe(answer));
    return answer;
  } catch (problem) {
    say(problem instanceof Refused ? problem.message : "The connection was lost: no answer.", true);
    return undefined;
  } finally {
    document.dispatchEvent(new Event("changed"));
  }
}

/** Say a sentence at the foot of the page, and to a screen reader. */
export function say(text, isBad = false) {
  const said = $("#said");
  said.classList.toggle("bad", isBad);
  write(said, text);
}
