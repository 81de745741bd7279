/** The doors of outside senders, one file each under hooks/. */
import type { Context, Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { receiveChatwoot } from "./hooks/chatwoot.ts";
import { receiveGithub } from "./hooks/github.ts";
import { receivePostmark } from "./hooks/postmark.ts";
import { receiveResend } from "./hooks/resend.ts";
import { receiveTelegram } from "./hooks/telegram.ts";
import { receiveTelegramBot } from "./hooks/telegram-bot.ts";
import { receiveTelnyx } from "./hooks/telnyx.ts";
import { receiveTwilio } from "./hooks/twilio.ts";
import type { App } from "./runtime.ts";

const doors: Record<string, (c: Context<App>) => Promise<Response>> = {
  "/v1/hooks/chatwoot/:source": receiveChatwoot,
  "/v1/hooks/github/:source": receiveGithub,
  "/v1/hooks/telegram/owner": receiveTelegram,
  "/v1/hooks/telegram/:source": receiveTelegramBot,
  "/v1/hooks/twilio/:source": receiveTwilio,
  "/v1/hooks/telnyx/:source": receiveTelnyx,
  "/v1/hooks/resend/:source": receiveResend,
  "/v1/hooks/postmark/:source": receivePostmark,
  // Where a message names its own address for reports, the address ends like this.
  "/v1/hooks/twilio/:source/status": receiveTwilio,
  "/v1/hooks/telnyx/:source/status": receiveTelnyx,
  "/v1/hooks/resend/:source/status": receiveResend,
  "/v1/hooks/postmark/:source/status": receivePostmark,
};

export function mountHooks(app: Hono<App>): void {
  for (const [path, receive] of Object.entries(doors)) {
    app.post(path, receive);
    app.all(path, () => {
      throw new Fault("method", "method_not_allowed", { detail: "Use POST.", allow: "POST" });
    });
  }
}
