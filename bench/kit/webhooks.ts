// Webhooks as Chatwoot sends them: new messages of known customers in running conversations, and their signed requests.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { signedHeaders } from "#local/chatwoot/sign.ts";
import { messageText, type Random } from "./texts.ts";

export type Body = Record<string, unknown> & { event: string };

const SAMPLE = readFileSync(new URL("../../test/fixtures/chatwoot/s1-incoming-text.json", import.meta.url), "utf8");
/** The sample's own numbers and words. */
const OWN = { message: 90117, conversation: 482, contact: 5012, text: "Varmepumpen larmer igen, kan I komme torsdag?" };
const FIRST_MESSAGE = 1_000_000;

export type Talker = {
  /** The next message, of one conversation after another. */
  next(): Body;
};

/** `conversations` customers talk in turn, one conversation each; `from` keeps the message numbers of two talkers apart. */
export function talker(of: { account: number; conversations: number; random: Random; from?: number }): Talker {
  let made = of.from ?? 0;
  return {
    next: () => {
      made += 1;
      return newMessage({
        account: of.account,
        message: FIRST_MESSAGE + made,
        who: made % of.conversations,
        text: messageText(of.random),
      });
    },
  };
}

type Told = { account: number; message: number; who: number; text: string };

function newMessage({ account, message, who, text }: Told): Body {
  const numbers = new Map([
    [OWN.message, message],
    [OWN.conversation, OWN.conversation + who],
    [OWN.contact, OWN.contact + who],
  ]);
  return JSON.parse(SAMPLE, (key, value: unknown) => {
    if (key === "account_id") return account;
    if (key === "account" && typeof value === "object") return { ...value, id: account };
    if (value === OWN.text) return text;
    if (key === "email") return `customer${who}@example.dk`;
    return typeof value === "number" ? (numbers.get(value) ?? value) : value;
  }) as Body;
}

export type Sender = { url: string; secret: string; now(): Date };

/** The request as it reaches the door; without `delivery` a delivery of its own. */
export function webhook(sender: Sender, body: Body, delivery: string = randomUUID()): Request {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const headers = signedHeaders(sender.secret, { id: delivery, at: sender.now(), body: bytes });
  return new Request(sender.url, { method: "POST", headers, body: bytes });
}
