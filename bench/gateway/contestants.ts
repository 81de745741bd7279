// Smaller and smaller ways to take in the same signed webhook, as Worker modules: what the app is measured against.

/** Reads the body, answers. */
export const BARE = `export default {
  async fetch(request) { await request.arrayBuffer(); return new Response("ok"); },
};`;

/** Built with esbuild, because Hono is a package. */
export const HONO = `import { Hono } from "hono";
const app = new Hono();
app.post("/v1/hooks/chatwoot/:source", async (c) => { await c.req.arrayBuffer(); return c.json({ outcome: "stored" }); });
export default app;`;

/** What no honest receiver can leave out: the signature over the raw bytes, and JSON. */
export const VERIFY = `import { Hono } from "hono";
const app = new Hono();
let key;
app.post("/v1/hooks/chatwoot/:source", async (c) => {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const prefix = new TextEncoder().encode(c.req.header("x-chatwoot-timestamp") + ".");
  const signed = new Uint8Array(prefix.length + bytes.length);
  signed.set(prefix); signed.set(bytes, prefix.length);
  key ??= crypto.subtle.importKey("raw", new TextEncoder().encode(c.env.SECRET), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const mac = Uint8Array.from(c.req.header("x-chatwoot-signature").slice(7).match(/../g), (hex) => Number.parseInt(hex, 16));
  if (!(await crypto.subtle.verify("HMAC", await key, mac, signed))) return c.json({ outcome: "refused" }, 401);
  return c.json({ outcome: JSON.parse(new TextDecoder().decode(bytes)).event });
});
export default app;`;
