// The carriers' stand-ins with one account each, what opens them, and a message to send.
import type { CarrierAccount, Outgoing } from "#brain/kernel/ports.ts";
import { type CarriersOptions, type LocalCarriers, type Provider, startCarriers } from "#local/carriers.ts";
import { type LocalChatwoot, startChatwoot } from "#local/chatwoot.ts";
import { type LocalTelegram, startTelegram } from "#local/telegram.ts";
import { type CarriersSettings, carriers } from "#providers/carriers/index.ts";

export const accounts = {
  twilio: { account: `AC${"0".repeat(31)}1`, token: "twilio-token-of-the-tests" },
  telnyx: { key: "KEYtelnyx-of-the-tests" },
  resend: { key: "re_of_the_tests" },
  postmark: { token: "postmark-token-of-the-tests" },
};
const botToken = "7000000002:carrier-bot-of-the-tests-0000";
const chatwootToken = "chatwoot-token-of-the-tests";

export type Office = LocalCarriers & {
  chatwoot: LocalChatwoot;
  telegram: LocalTelegram;
  /** What the adapters are told: where everything is, and how patient to be. */
  settings: CarriersSettings;
  /** The sender's account at a provider, as it is stored. */
  account(provider: Provider): CarrierAccount;
  /** What a provider's customers got, however it keeps it. */
  got(provider: Provider): { to: string; text: string }[];
  conversation: number;
};

/** Long enough for a busy machine, short enough to wait for. */
const patienceMs = 1_500;

export async function openOffice(options: Partial<CarriersOptions> = {}): Promise<Office> {
  const chatwoot = await startChatwoot({ token: chatwootToken, ...(options.clock ? { clock: options.clock } : {}) });
  const telegram = await startTelegram({ token: botToken });
  const made = await startCarriers({
    accounts,
    behind: { chatwoot: chatwoot.url, telegram: telegram.url },
    ...options,
  });
  const { id: conversation } = chatwoot.customer.writes({
    contact: { name: "Mette", phone: "+4520304050" },
    text: "The heat pump is loud again",
  }).conversation;
  const secrets: Record<Provider, CarrierAccount> = {
    twilio: { account: accounts.twilio.account, secrets: { token: accounts.twilio.token } },
    telnyx: { account: null, secrets: { api_key: accounts.telnyx.key } },
    chatwoot: { account: String(chatwoot.accountId), secrets: { url: `${made.url}/chatwoot`, token: chatwootToken } },
    telegram: { account: null, secrets: { token: botToken } },
    resend: { account: null, secrets: { api_key: accounts.resend.key } },
    postmark: { account: null, secrets: { token: accounts.postmark.token } },
  };
  return {
    ...made,
    chatwoot,
    telegram,
    conversation,
    settings: {
      twilioUrl: `${made.url}/twilio`,
      telnyxUrl: `${made.url}/telnyx`,
      telegramUrl: `${made.url}/telegram`,
      resendUrl: `${made.url}/resend`,
      postmarkUrl: `${made.url}/postmark`,
      reachChatwoot: (url: string) => url,
      timeoutMs: patienceMs,
    },
    account: (provider: Provider) => secrets[provider],
    got: (provider: Provider) => {
      if (provider === "telegram") return telegram.sent.map(({ chat_id, text }) => ({ to: chat_id, text }));
      if (provider !== "chatwoot") return made.taken.filter((m) => m.provider === provider);
      const all = chatwoot.account.messagesOf(conversation).filter((m) => m.type === "outgoing");
      return all.map((m) => ({ to: String(conversation), text: m.content ?? "" }));
    },
    close: async () => {
      await Promise.all([chatwoot.close(), telegram.close(), made.close()]);
    },
  };
}

let made = 0;

/** A message that nobody has sent before. */
export function outgoing(more: Partial<Outgoing> = {}): Outgoing {
  made += 1;
  return {
    ref: `msg_test${made}`,
    channel: "sms",
    from: "+4570101010",
    to: "+4520304050",
    text: `Your boiler is ready, number ${made}.`,
    language: "en",
    class: "transactional",
    thread: {},
    statusUrl: `http://omneuro.test/v1/hooks/twilio/snd_1/status?ref=msg_test${made}`,
    ...more,
  };
}

export const letter = (more: Partial<Outgoing> = {}): Outgoing =>
  outgoing({
    channel: "email",
    from: "service@nordvarme.example",
    to: "mette@example.dk",
    subject: "Your boiler",
    ...more,
  });

export const carrierOf = (office: Office, provider: Provider) => {
  const carrier = carriers(office.settings)[provider];
  if (!carrier) throw new Error(`no carrier ${provider}`);
  return carrier;
};

/** The question about a message whose answer was lost. */
export const questionAbout = ({ ref, from, to, text, thread }: Outgoing, since = new Date()) => ({
  ref,
  from,
  to,
  text,
  thread,
  since,
});
