/** The kinds of outside accounts that can be bound, how each is named, and what each must prove itself with. */
import * as z from "zod/v4";

export const sourceKinds = [
  "chatwoot_account",
  "twilio_number",
  "telnyx_number",
  "telegram_bot",
  "email_domain",
] as const;
export type SourceKindName = (typeof sourceKinds)[number];
export const SourceKind = () => z.enum(sourceKinds);

export const MailProvider = () => z.enum(["resend", "postmark"]);

const names: Record<SourceKindName, { form: RegExp; says: string }> = {
  chatwoot_account: { form: /^[1-9][0-9]{0,17}$/, says: "the account's number" },
  twilio_number: { form: /^\+[1-9]\d{6,14}$/, says: "the telephone number with + and country" },
  telnyx_number: { form: /^\+[1-9]\d{6,14}$/, says: "the telephone number with + and country" },
  telegram_bot: { form: /^[1-9][0-9]{0,19}$/, says: "the bot's number, which begins its token" },
  email_domain: {
    form: /^(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    says: "the domain in small letters",
  },
};

/** What the provider's secret looks like, where it has a form of its own. */
const secrets: Partial<Record<SourceKindName | "resend", { form: RegExp; says: string }>> = {
  telnyx_number: { form: /^[A-Za-z0-9+/]{43}=$/, says: "the account's public key, 44 characters of base64" },
  telegram_bot: { form: /^[A-Za-z0-9_-]+$/, says: "letters, digits, _ and - only" },
  resend: { form: /^whsec_[A-Za-z0-9+/]+={0,2}$/, says: "the signing secret that begins with whsec_" },
};

type Given = { kind: SourceKindName; external_id: string; provider?: string | undefined; secret?: string | undefined };

/** The name fits the kind, and all but old Chatwoots bring a secret. */
export const boundAs = <T extends z.ZodType<Given>>(schema: T) =>
  schema.superRefine((given, context) => {
    const { kind, external_id, provider, secret } = given as Given;
    const wrong = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (!names[kind].form.test(external_id)) wrong("external_id", names[kind].says);
    if ((kind === "email_domain") !== (provider !== undefined))
      wrong("provider", "for an e-mail domain, and only there: resend or postmark");
    if (kind !== "chatwoot_account" && secret === undefined)
      wrong("secret", "this sender proves itself: its secret is needed");
    const rule = secrets[provider === "resend" ? "resend" : kind];
    if (secret !== undefined && rule && !rule.form.test(secret)) wrong("secret", rule.says);
  });
