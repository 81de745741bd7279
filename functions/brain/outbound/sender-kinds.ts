/** The providers that messages leave by: which channel each serves, what its senders look like, and what opens its API. */
import * as z from "zod/v4";

export const providers = ["twilio", "telnyx", "chatwoot", "telegram", "resend", "postmark"] as const;
export type Provider = (typeof providers)[number];

/** One thing that has to be given; the label is what its page at the provider calls it. */
export type Field = {
  name: string;
  label: string;
  shape: RegExp;
  /** What is said when it is not of that shape. */
  says: string;
  optional?: true;
};

export type SenderKind = {
  title: string;
  channel: "sms" | "chat" | "telegram" | "email";
  address: Omit<Field, "name">;
  account?: Omit<Field, "name">;
  /** Sealed; never shown again. */
  credentials: readonly Field[];
  /** Most messages a second unless its owner knows better; null: as many as come. */
  perSecond: number | null;
};

const word = /^[\x21-\x7e]{4,400}$/;
const says = "4 to 400 characters without a space";
const token = (label: string): Field => ({ name: "token", label, shape: word, says });
const apiKey = (label: string): Field => ({ name: "api_key", label, shape: word, says });

const number = {
  label: "Number or name that the recipient sees",
  shape: /^(\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11})$/,
  says: "a number like +4570101010, or a name of at most 11 letters and digits",
};
const mailbox = {
  label: "E-mail address that the recipient sees",
  shape:
    /^([^<>"@\r\n]{1,100} <[^<>\s@]{1,64}@[^<>\s@]{1,200}\.[a-z]{2,24}>|[^<>\s@]{1,64}@[^<>\s@]{1,200}\.[a-z]{2,24})$/i,
  says: "an address like service@example.com, or Service <service@example.com>",
};

export const senderKinds: Record<Provider, SenderKind> = {
  twilio: {
    title: "SMS by Twilio",
    // Numbers outside North America; a long code there has one, and Twilio queues what is more.
    perSecond: 10,
    channel: "sms",
    address: {
      label: "Number, name or messaging service",
      shape: new RegExp(`^MG[0-9a-f]{32}$|${number.shape.source}`),
      says: `${number.says}, or a messaging service's MG…`,
    },
    account: { label: "Account SID", shape: /^AC[0-9a-f]{32}$/, says: "AC and 32 digits" },
    credentials: [
      { ...token("Auth token"), optional: true },
      { name: "api_key", label: "API key SID", shape: /^SK[0-9a-f]{32}$/, says: "SK and 32 digits", optional: true },
      { name: "api_secret", label: "API key secret", shape: word, says, optional: true },
    ],
  },
  telnyx: {
    title: "SMS by Telnyx",
    perSecond: 10,
    channel: "sms",
    address: number,
    account: { label: "Messaging profile", shape: /^[0-9a-f-]{8,64}$/, says: "the profile's id", optional: true },
    credentials: [apiKey("API key")],
  },
  chatwoot: {
    title: "Chatwoot conversations",
    // An installation's own throttle is three hundred requests a minute and address.
    perSecond: 5,
    channel: "chat",
    address: { label: "Name that the recipient sees", shape: /^[^\r\n]{1,100}$/, says: "at most 100 characters" },
    account: { label: "Account number", shape: /^[1-9][0-9]{0,17}$/, says: "the account's number" },
    credentials: [
      {
        name: "url",
        label: "Address of the installation",
        shape: /^https?:\/\/[^\s]{3,290}$/,
        says: "an address like https://chat.example.com",
      },
      token("Access token"),
    ],
  },
  telegram: {
    title: "Telegram bot",
    // https://core.telegram.org/bots/faq: about thirty a second over all chats.
    perSecond: 25,
    channel: "telegram",
    address: { label: "The bot's name", shape: /^@?[A-Za-z][A-Za-z0-9_]{3,31}$/, says: "a name like @nordvarme_bot" },
    credentials: [
      {
        name: "token",
        label: "Bot token",
        shape: /^[0-9]{5,20}:[A-Za-z0-9_-]{20,100}$/,
        says: "a token as BotFather shows it",
      },
    ],
  },
  resend: {
    title: "E-mail by Resend",
    // https://resend.com/docs/api-reference/rate-limit: a team's limit, two to five by its age.
    perSecond: 2,
    channel: "email",
    address: mailbox,
    credentials: [apiKey("API key")],
  },
  postmark: {
    title: "E-mail by Postmark",
    perSecond: null,
    channel: "email",
    address: mailbox,
    credentials: [
      token("Server token"),
      {
        name: "stream",
        label: "Stream of what is about a job",
        shape: /^[a-z0-9-]{1,60}$/,
        says: "a stream's id",
        optional: true,
      },
      {
        name: "marketing_stream",
        label: "Stream of marketing",
        shape: /^[a-z0-9-]{1,60}$/,
        says: "a stream's id",
        optional: true,
      },
    ],
  },
};

export const Credentials = () =>
  z
    .record(z.string().max(40), z.string().max(400))
    .describe(
      "What opens the provider's API, by name: twilio token or api_key and api_secret; telnyx and resend api_key; postmark and telegram token; chatwoot url and token",
    );

type Given = Record<string, string>;
export type Wrong = { path: string[]; message: string };

function wrongField(path: string[], given: { field: Omit<Field, "name">; value: string | undefined }): Wrong[] {
  const { field, value } = given;
  if (value === undefined) return field.optional ? [] : [{ path, message: `is missing: ${field.label}` }];
  return field.shape.test(value) ? [] : [{ path, message: `must be ${field.says}` }];
}

/** What is wrong with the credentials for this provider; nothing of their text is repeated. */
export function wrongCredentials(provider: Provider, given: Given): Wrong[] {
  const { credentials } = senderKinds[provider];
  const known = new Set(credentials.map(({ name }) => name));
  const wrong = Object.keys(given)
    .filter((name) => !known.has(name))
    .map(() => ({ path: ["credentials"], message: `holds a name that ${provider} does not know` }));
  for (const field of credentials)
    wrong.push(...wrongField(["credentials", field.name], { field, value: given[field.name] }));
  const isHalf = provider === "twilio" && !given["token"] && !(given["api_key"] && given["api_secret"]);
  if (isHalf) wrong.push({ path: ["credentials"], message: "needs a token, or an api_key with its api_secret" });
  return wrong;
}

export type Described = { provider: Provider; address: string; account?: string | undefined; credentials: Given };

export function wrongSender({ provider, address, account, credentials }: Described): Wrong[] {
  const kind = senderKinds[provider];
  const wrong = wrongField(["address"], { field: kind.address, value: address });
  if (kind.account) wrong.push(...wrongField(["account"], { field: kind.account, value: account }));
  else if (account !== undefined) wrong.push({ path: ["account"], message: `is not needed for ${provider}` });
  return [...wrong, ...wrongCredentials(provider, credentials)];
}
