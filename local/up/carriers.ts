/** The carriers of this machine, and the demo project's senders: an SMS number and an e-mail address that need no account anywhere. */
import { randomBytes } from "node:crypto";
import { type Accounts, type LocalCarriers, startCarriers, type Taken } from "../carriers.ts";
import { type Installed, randomText, type StateFile } from "./state.ts";

/** SMS are reported as sent, then as delivered. */
const REPORT_MS = 1_500;

export type Carriers = Accounts & { telnyxSeed: string };

/** Made when they are first needed. */
function accountsOf({ state, save }: StateFile): Carriers {
  if (state.carriers) return state.carriers;
  state.carriers = {
    twilio: { account: `AC${randomBytes(16).toString("hex")}`, token: randomText(24) },
    telnyx: { key: `KEY${randomText(24)}` },
    resend: { key: `re_${randomText(24)}` },
    postmark: { token: randomText(24) },
    telnyxSeed: randomBytes(32).toString("base64"),
  };
  save();
  return state.carriers;
}

export async function openCarriers(file: StateFile, onTaken: (message: Taken) => void): Promise<LocalCarriers> {
  const { telnyxSeed, ...accounts } = accountsOf(file);
  return startCarriers({
    accounts,
    telnyxSeed: Buffer.from(telnyxSeed, "base64"),
    reportAfterMs: REPORT_MS,
    onTaken,
  });
}

/** What the Worker calls in place of the providers. */
export const carrierVars = ({ url }: LocalCarriers): Record<string, string> => ({
  TWILIO_URL: `${url}/twilio`,
  TELNYX_URL: `${url}/telnyx`,
  RESEND_URL: `${url}/resend`,
  POSTMARK_URL: `${url}/postmark`,
});

const NUMBER = "+4570101010";

type Here = { url: string; installed: Installed };

/** Through the same door as anybody. What an earlier data folder has added to the same database is there already: undefined. */
async function add({ url, installed }: Here, to: { path: string; key: string; body: unknown }) {
  const answer = await fetch(`${url}${to.path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${installed.apiKey}`,
      "content-type": "application/json",
      "idempotency-key": `"${to.key}"`,
    },
    body: JSON.stringify(to.body),
  });
  const made = (await answer.json()) as { id: string };
  if (answer.status === 201) return made;
  if (answer.status === 409 || answer.status === 403) return undefined;
  throw new Error(`${to.path} could not be added to: the Worker answered ${answer.status}.`);
}

/** A number that SMS can be written to: the source its webhooks arrive at. */
async function bindLine(file: StateFile, here: Here): Promise<void> {
  const { installed } = here;
  if (installed.line !== undefined) return;
  const { twilio } = accountsOf(file);
  const body = { kind: "twilio_number", external_id: NUMBER, name: "Workshop's SMS", secret: twilio.token };
  const made = await add(here, { path: "/v1/identity/sources", key: "first-line", body });
  installed.line = made ? { source: made.id, number: NUMBER } : null;
  file.save();
}

/** Adds them once; whoever puts them away later has done so. Returns the line that customers can write to. */
export async function addSenders(file: StateFile, here: Here): Promise<{ number: string; hook: string } | undefined> {
  const { installed, url } = here;
  await bindLine(file, here);
  const { line } = installed;
  if (!installed.senders) {
    for (const sender of firstSenders(accountsOf(file), line?.source))
      await add(here, { path: "/v1/outbound/senders", key: `first-sender-${sender.provider}`, body: sender });
    installed.senders = true;
    file.save();
  }
  return line ? { number: line.number, hook: `${url}/v1/hooks/twilio/${line.source}` } : undefined;
}

const firstSenders = ({ twilio, resend }: Accounts, source: string | undefined) => [
  {
    provider: "twilio",
    name: "Workshop's SMS",
    address: NUMBER,
    account: twilio.account,
    credentials: { token: twilio.token },
    ...(source === undefined ? {} : { source }),
  },
  {
    provider: "resend",
    name: "Workshop's e-mail",
    address: "Nordvarme Service <service@nordvarme.example>",
    credentials: { api_key: resend.key },
  },
];
