/** Every operation once, through the types that openapi-typescript made of the specification (`api.d.ts`). */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

const client = createClient<paths>({
  baseUrl: process.env.ZINC_BASE_URL,
  headers: { Authorization: `Bearer ${process.env.ZINC_API_KEY}` },
});

const made = await client.POST("/users/managed-accounts", {
  body: { email: "ada@example.com", password: "secret", retailer: "amazon" },
});
assert.equal(made.response.status, 201);
const account: components["schemas"]["ManagedAccount"] = made.data!;
assert.match(account.short_id, /^zn_acct_[a-z0-9]{8}$/);

const path = { short_id: account.short_id };
const updated = await client.PUT("/users/managed-accounts/{short_id}", {
  params: { path },
  body: { retailer: null },
});
assert.equal(updated.data?.retailer, null);

const listed = await client.GET("/users/managed-accounts");
assert.deepEqual(listed.data, { credentials: [updated.data], total: 1 });

const products = await client.GET("/orders/test-products");
assert.equal(products.data?.products.length, 8);

const submitted = await client.POST("/orders", {
  body: {
    products: [{ url: products.data.products[0]!.url, quantity: 1 }],
    shipping_address: { first_name: "Ada", country: "US" },
    max_price: 5000,
    idempotency_key: "round-trip",
  },
});
assert.equal(submitted.data?.retailer_credentials_id, account.short_id);

const order = await client.GET("/orders/{order_id}", { params: { path: { order_id: submitted.data.id } } });
const status: "pending" | "in_progress" | "order_placed" | "order_failed" | "cancelled" = order.data!.status;
assert.equal(status, "in_progress");
assert.deepEqual(order.data, submitted.data);

const found = await client.GET("/orders", { params: { query: { order_id: submitted.data.id.slice(0, 8) } } });
assert.deepEqual(found.data?.orders, [order.data]);

const removed = await client.DELETE("/users/managed-accounts/{short_id}", { params: { path } });
assert.equal(removed.response.status, 204);

const refused = await client.DELETE("/users/managed-accounts/{short_id}", { params: { path } });
const problem: components["schemas"]["Error"] = refused.error!;
assert.equal(problem.code, "not_found");

console.log("round trip complete");
