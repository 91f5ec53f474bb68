/** A small client of Zinc's managed accounts and orders. Copy it, or take it as a model. */

import { randomUUID } from "node:crypto";

export interface Account {
  id: string;
  short_id: string;
  email: string;
  retailer: string | null;
  created_at: string;
  updated_at: string;
}

export interface Order {
  id: string;
  status: "pending" | "in_progress" | "order_placed" | "order_failed" | "cancelled";
  metadata: Record<string, unknown>;
  retailer_credentials_id: string | null;
  job_result?: { error_type: string; error: string } | null;
  price_components?: { subtotal: number; tax: number; shipping: number; total: number };
}

/** Zinc refused a request. */
export class ZincError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${status} ${code}: ${message}`);
  }
}

/** No answer came, or one that says nothing: whether the request was carried out is not known. */
export class AnswerLost extends Error {}

type Sleep = (seconds: number) => Promise<unknown>;
const realSleep: Sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Talks to Zinc with one API key. `sleep` is what it waits with: tests hand in something quicker. */
export class ZincClient {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
    private readonly sleep: Sleep = realSleep,
  ) {}

  // Managed accounts

  async accounts(): Promise<Account[]> {
    return (await this.call<{ credentials: Account[] }>("GET", "/users/managed-accounts")).credentials;
  }

  // There is no key that would make a repetition safe: after AnswerLost, look at `accounts` first.
  createAccount(account: { email: string; password?: string; retailer?: string }): Promise<Account> {
    return this.call("POST", "/users/managed-accounts", account);
  }

  updateAccount(
    shortId: string,
    changes: { email?: string; password?: string; retailer?: string | null },
  ): Promise<Account> {
    return this.call("PUT", `/users/managed-accounts/${encodeURIComponent(shortId)}`, changes);
  }

  async deleteAccount(shortId: string): Promise<void> {
    await this.call("DELETE", `/users/managed-accounts/${encodeURIComponent(shortId)}`);
  }

  // Orders

  order(id: string): Promise<Order> {
    return this.call("GET", `/orders/${encodeURIComponent(id)}`);
  }

  /** Submits an order once, however often its answer gets lost. */
  async submitOrder(wanted: {
    url: string;
    address: Record<string, string>;
    maxPrice: number;
    account?: string;
  }): Promise<Order> {
    const key = randomUUID();
    const body = {
      products: [{ url: wanted.url }],
      shipping_address: wanted.address,
      max_price: wanted.maxPrice,
      retailer_credentials_id: wanted.account ?? null,
      idempotency_key: key,
      metadata: { key }, // the answer shows it, so the order can be found again
    };
    for (const pause of [1, 5, 30]) {
      try {
        return await this.call<Order>("POST", "/orders", body);
      } catch (problem) {
        if (problem instanceof ZincError && problem.code === "already_exists") return this.orderWithKey(key);
        if (!(problem instanceof AnswerLost)) throw problem;
        await this.sleep(pause);
      }
    }
    return this.call("POST", "/orders", body);
  }

  /** Polls an order until it is placed, failed or cancelled. */
  async waitFor(id: string, every = 30, atMost = 1800): Promise<Order> {
    for (let waited = 0; ; waited += every) {
      const order = await this.order(id);
      if (!["pending", "in_progress"].includes(order.status)) return order;
      if (waited >= atMost) throw new Error(`order ${id} is ${order.status} after ${waited} seconds`);
      await this.sleep(every);
    }
  }

  private async orderWithKey(key: string): Promise<Order> {
    const { orders } = await this.call<{ orders: Order[] }>("GET", "/orders");
    const order = orders.find(({ metadata }) => metadata.key === key);
    if (!order) throw new Error("Zinc knows the key of an order that it does not list");
    return order;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.baseUrl + path, {
      method,
      headers: { Authorization: `Bearer ${this.apiKey}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    }).catch((cause) => {
      throw new AnswerLost(`${method} ${path}: no answer`, { cause });
    });
    if (answer.status >= 500) throw new AnswerLost(`${method} ${path}: ${answer.status}`);
    if (answer.status === 204) return undefined as T;
    const shown = await answer.json();
    if (!answer.ok) throw new ZincError(answer.status, shown.code, shown.message);
    return shown;
  }
}
