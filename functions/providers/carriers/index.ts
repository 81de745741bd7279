/** Every way out of the house, by the name that a sender's row has. */
import type { Carrier } from "#brain/kernel/ports.ts";
import { type ChatwootCarrierSettings, chatwootCarrier } from "./chatwoot.ts";
import { postmark } from "./postmark.ts";
import { resend } from "./resend.ts";
import { telegramCarrier } from "./telegram.ts";
import { telnyx } from "./telnyx.ts";
import { twilio } from "./twilio.ts";

export type CarriersSettings = {
  twilioUrl: string;
  telnyxUrl: string;
  telegramUrl: string;
  /** Of the installation's own bot, which writes to members. */
  telegramToken?: string | undefined;
  resendUrl: string;
  postmarkUrl: string;
  /** Chatwoot's address is each sender's own: whether it may be called. */
  reachChatwoot: ChatwootCarrierSettings["reach"];
  timeoutMs?: number;
  now?: () => Date;
};

export function carriers(settings: CarriersSettings): Readonly<Record<string, Carrier>> {
  const { timeoutMs, now } = settings;
  const shared = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(now === undefined ? {} : { now }) };
  return {
    twilio: twilio({ ...shared, url: settings.twilioUrl }),
    telnyx: telnyx({ ...shared, url: settings.telnyxUrl }),
    chatwoot: chatwootCarrier({ ...shared, reach: settings.reachChatwoot }),
    telegram: telegramCarrier({ ...shared, url: settings.telegramUrl, ownToken: settings.telegramToken }),
    resend: resend({ ...shared, url: settings.resendUrl }),
    postmark: postmark({ ...shared, url: settings.postmarkUrl }),
  };
}
