/** The doors of outside senders, one file each under hooks/. */
import type { Context, Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { receiveChatwoot } from "./hooks/chatwoot.ts";
import { receiveGithub } from "./hooks/github.ts";
import { receiveTelegram } from "./hooks/telegram.ts";
import type { App } from "./runtime.ts";

const doors: Record<string, (c: Context<App>) => Promise<Response>> = {
  "/v1/hooks/chatwoot/:source": receiveChatwoot,
  "/v1/hooks/github/:source": receiveGithub,
  "/v1/hooks/telegram/owner": receiveTelegram,
};

export function mountHooks(app: Hono<App>): void {
  for (const [path, receive] of Object.entries(doors)) {
    app.post(path, receive);
    app.all(path, () => {
      throw new Fault("method", "method_not_allowed", { detail: "Use POST.", allow: "POST" });
    });
  }
}
