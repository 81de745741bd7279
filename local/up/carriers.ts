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

/** Adds them once, through the same door as anybody; whoever puts them away later has done so. */
export async function addSenders(
  file: StateFile,
  { url, installed }: { url: string; installed: Installed },
): Promise<void> {
  if (installed.senders) return;
  const { twilio, resend } = accountsOf(file);
  const senders = [
    {
      provider: "twilio",
      name: "Workshop's SMS",
      address: "+4570101010",
      account: twilio.account,
      credentials: { token: twilio.token },
    },
    {
      provider: "resend",
      name: "Workshop's e-mail",
      address: "Nordvarme Service <service@nordvarme.example>",
      credentials: { api_key: resend.key },
    },
  ];
  for (const sender of senders) {
    const answer = await fetch(`${url}/v1/outbound/senders`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${installed.apiKey}`,
        "content-type": "application/json",
        "idempotency-key": `"first-sender-${sender.provider}"`,
      },
      body: JSON.stringify(sender),
    });
    await answer.arrayBuffer();
    // An earlier data folder may have added it to the same database.
    if (answer.status !== 201 && answer.status !== 409)
      throw new Error(`A sender could not be added: the Worker answered ${answer.status}.`);
  }
  installed.senders = true;
  file.save();
}
