/** Tests of the client. `npm test` starts a mock beside them; no test waits for anything. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Sandbox } from "./sandbox.ts";
import { ZincClient, ZincError } from "./zinc.ts";

const address = { first_name: "Ada", last_name: "Example", address_line1: "1 Example Street", country: "US" };

let sandbox: Sandbox;
let client: ZincClient;
let account: string;

beforeEach(async () => {
  sandbox = new Sandbox();
  await sandbox.freeze();
  // When the client sleeps, the mock's clock moves: half an hour of polling takes milliseconds.
  client = new ZincClient(sandbox.baseUrl, sandbox.apiKey, sandbox.advance);
  const made = await client.createAccount({ email: "ada@example.com", password: "secret", retailer: "amazon" });
  account = made.short_id;
});

const submit = () =>
  client.submitOrder({ url: "https://www.amazon.com/dp/B0EXAMPLE1", address, maxPrice: 5000, account });

test("an account lives until it is deleted", async () => {
  await client.updateAccount(account, { email: "lovelace@example.com" });
  assert.deepEqual((await client.accounts()).map(({ email }) => email), ["lovelace@example.com"]);

  await client.deleteAccount(account);

  assert.deepEqual(await client.accounts(), []);
  await assert.rejects(
    client.deleteAccount(account),
    (problem) => problem instanceof ZincError && problem.code === "not_found",
  );
});

test("an order is placed", async () => {
  const order = await client.waitFor((await submit()).id);

  assert.equal(order.status, "order_placed");
  assert.ok(order.price_components && order.price_components.total <= 5000);
});

test("orders of one account wait for each other", async () => {
  const [first, second] = [await submit(), await submit()];
  assert.deepEqual([first.status, second.status], ["in_progress", "pending"]);

  await sandbox.advance(2); // the mock takes two seconds for an order

  assert.equal((await client.order(first.id)).status, "order_placed");
  assert.equal((await client.order(second.id)).status, "in_progress");
  await sandbox.settle();
  assert.equal((await client.order(second.id)).status, "order_placed");
});

test("a locked account fails its orders", async () => {
  await sandbox.setHealth(account, "account_locked");

  const order = await client.waitFor((await submit()).id);

  assert.equal(order.status, "order_failed");
  assert.equal(order.job_result?.error_type, "account_locked");
});

test("a lost answer makes no second order", async () => {
  await sandbox.addFault({ operation: "createOrder", drop: true, phase: "after", times: 1 });

  const order = await submit();

  assert.deepEqual((await sandbox.snapshot()).orders.map(({ id }) => id), [order.id]);
});
