/** A sandbox of the mock for one test: a fresh API key, and what a tester may turn there. */

import { randomUUID } from "node:crypto";

export class Sandbox {
  readonly baseUrl = process.env.ZINC_BASE_URL ?? "http://127.0.0.1:8080";
  readonly apiKey = `zn_test_${randomUUID()}`; // any key is a sandbox of its own

  /** Stops the clock; only `advance` and `settle` move it from here on. */
  freeze = () => this.mock("PUT", "clock", { mode: "manual" });
  advance = (seconds: number) => this.mock("POST", "clock/advance", { seconds });
  /** Moves the clock until no order is waiting or running. */
  settle = () => this.mock("POST", "settle");
  setHealth = (shortId: string, state: "ok" | "login_failed" | "account_locked") =>
    this.mock("PUT", `accounts/${shortId}/health`, { state });
  addFault = (fault: Record<string, unknown>) => this.mock("POST", "faults", fault);
  snapshot = () => this.mock("GET", "snapshot") as Promise<{ orders: { id: string }[] }>;

  private async mock(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.baseUrl}/_mock/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.apiKey}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }
}
