/** The doors of outside senders, one file each under hooks/. */
import type { Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { receiveChatwoot } from "./hooks/chatwoot.ts";
import type { App } from "./runtime.ts";

export function mountHooks(app: Hono<App>): void {
  const path = "/v1/hooks/chatwoot/:source";
  app.post(path, receiveChatwoot);
  app.all(path, () => {
    throw new Fault("method", "method_not_allowed", { detail: "Use POST.", allow: "POST" });
  });
}
