/** `local.json`: where everything is and what opens it, for scripts; and the same for the person at the terminal. */
import { join } from "node:path";
import { defaultQuotas } from "#gateway/quotas.ts";
import { demoQuestions } from "../business/story.ts";
import { chatwootUrl } from "./installation.ts";
import { generosity, type Settings, shown } from "./settings.ts";
import { type Installed, type State, writePrivate } from "./state.ts";

export type Addresses = ReturnType<typeof addressesOf>;

type Known = { state: State; installed: Installed; telegram: string; carriers: string };

export function addressesOf(settings: Settings, { state, installed, telegram, carriers }: Known) {
  const { url, ports } = settings;
  const at = (port: number, path = "") => `http://127.0.0.1:${port}${path}`;
  const { accountId, token } = installed.chatwoot;
  return {
    url,
    apiKey: installed.apiKey,
    project: installed.project,
    operator: installed.operator,
    chatwoot: {
      hook: `${url}/v1/hooks/chatwoot/${installed.source.id}`,
      secret: installed.source.secret,
      accountId,
      api: `${chatwootUrl(settings)}/api/v1/accounts/${accountId}`,
      token,
    },
    neon: { url: at(ports.neon, "/sql"), stats: at(ports.neon, "/stats") },
    qstash: { url: at(ports.qstash), ...state.qstash },
    redis: { url: at(ports.redis), token: state.redis?.token },
    embeddings: { url: at(ports.embeddings, "/v1") },
    /** A telephone as a page; `/sent` is what the bot sent, as JSON. */
    telegram: { url: telegram },
    /** The same for SMS and e-mail that left the house; `POST /faults` makes them fail. */
    carriers: { url: carriers, customer: `${carriers}/customer` },
  };
}

export const localFile = (data: string): string => join(data, "local.json");

export const writeAddresses = (data: string, addresses: Addresses): void => writePrivate(localFile(data), addresses);

/** A question without an apostrophe, so that it can be pasted into a shell as it is. */
const QUESTION =
  demoQuestions.find(({ language, text }) => language === "en" && !text.includes("'"))?.text ?? "When do you open?";

export function welcome(settings: Settings, { apiKey, operator, url, telegram, carriers }: Addresses): string {
  const key = `-H 'authorization: Bearer ${apiKey}'`;
  const perMinute = (defaultQuotas.caller * generosity).toLocaleString("en");
  const body = JSON.stringify({ question: QUESTION, audience: { kind: "staff" } });
  return `
Omneuro is running.

  Console    ${url}/console
  The floor  ${url}/console/board  (book a visit; then /console/jobs, /console/people, /console/knowledge)
  The world  ${url}/console/world  (who knows what; then /console/rehearse, /console/promises)
  My day     ${url}/console/today  (say it once)
  Sign in    ${operator.username}  /  ${operator.password}
  Telegram   ${telegram.url}  (talk to your planner as on a phone; PINs of people who sign up)
  Outbox     ${carriers.url}  (SMS and e-mail that left the house)
  Customer   ${carriers.customer}  (write an SMS to the business)
  API        ${url}/docs
  API key    ${apiKey}
  Limits     ${perMinute} requests a minute, ${generosity} times the usual (docs/limits.md)

Ask it:
  curl -s ${url}/v1/ask ${key} -H 'content-type: application/json' -d '${body}'
Search:
  curl -s '${url}/v1/search?q=boiler+losing+pressure' ${key}

Stop with Ctrl-C; the data stays in ${shown(settings.data)}. Clear it with: npm run reset
Scripts find all this in ${shown(localFile(settings.data))}; the Worker's log is ${shown(join(settings.data, "worker.log"))}.
`;
}
