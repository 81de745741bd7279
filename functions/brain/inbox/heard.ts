/** What a customer's message means for what we send him: the word it may be, and the ways in that it came by. */
import { saidIn } from "../outbound/index.ts";
import { emailNorm, phoneNorm } from "./points.ts";
import type { ContactFact, ConversationFact, MessageFact } from "./project.ts";

/** Chatwoot's names of inboxes whose messages travel on a channel that is also written to without Chatwoot. */
const beneath: Readonly<Record<string, "sms" | "email" | "telegram">> = {
  "Channel::TwilioSms": "sms",
  "Channel::Sms": "sms",
  "Channel::Email": "email",
  "Channel::Telegram": "telegram",
};

type Way = { channel: string; address: string | null };

function wayBeneath(conversation: ConversationFact, contact: ContactFact | undefined): Way[] {
  const channel = beneath[conversation.channel ?? ""];
  const source = conversation.data["source_id"];
  switch (channel) {
    case "sms":
      // A Twilio inbox may speak WhatsApp, which is not SMS.
      if (typeof source === "string" && source.startsWith("whatsapp:")) return [];
      return [{ channel, address: phoneNorm(source) ?? contact?.phone ?? null }];
    case "email":
      return [{ channel, address: emailNorm(source) ?? contact?.email ?? null }];
    case "telegram":
      return [{ channel, address: typeof source === "string" ? source : null }];
    default:
      return [];
  }
}

/** Null for what a customer did not say now: our own words, notes, activity, what was deleted, edits of what is known. */
export function heardIn(
  said: { message: MessageFact; conversation: ConversationFact; contact: ContactFact | undefined },
  names: { contact: (id: number) => string; account: number },
): Record<string, unknown> | null {
  const { message, conversation, contact } = said;
  const isTheirs = message.sender_type === "contact" && message.message_type === "incoming";
  if (!isTheirs || message.private || message.deleted || message.contact_id === null) return null;
  const { said: word, language } = saidIn(message.content);
  // Nearly always. Only the fact that he wrote counts then.
  if (word === "none") return { said: word };
  const chat = { channel: "chat", address: names.contact(message.contact_id) };
  const channels = [chat, ...wayBeneath(conversation, contact)];
  return {
    said: word,
    channels,
    thread: { account: names.account, conversation: conversation.conversation_id },
    ...(language ? { language } : {}),
  };
}
