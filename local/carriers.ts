/** The carriers on the laptop: Twilio, Telnyx, Resend and Postmark under one address, Chatwoot and Telegram behind it; all can be made to fail. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { customerDesk, type Line } from "./carriers/customer.ts";
import { type Accounts, openDesk, PROVIDERS, type Provider, type Taken, Troubles } from "./carriers/desk.ts";
import { passOn, setFaults } from "./carriers/doors.ts";
import { takenPage } from "./carriers/page.ts";
import { postmarkAnswer } from "./carriers/postmark.ts";
import { ed25519, publicKeyOf, reportOf, type Signing } from "./carriers/reports.ts";
import { resendDesk } from "./carriers/resend.ts";
import { telnyxAnswer } from "./carriers/telnyx.ts";
import { twilioAnswer } from "./carriers/twilio.ts";
import { type Answer, type Asked, listen } from "./loopback.ts";

export type { Accounts, Fault, Provider, Taken } from "./carriers/desk.ts";

export type CarriersOptions = {
  port?: number;
  accounts: Accounts;
  clock?: { now(): Date };
  /** Stand-ins of their own that are reached through here, so that they fail like the others. */
  behind?: { chatwoot?: string; telegram?: string };
  /** 32 bytes of which Telnyx's signing key is made. */
  telnyxSeed?: Uint8Array;
  /** Told about everything that was taken. */
  onTaken?(message: Taken): void;
  /** Milliseconds after which an SMS is reported sent, then delivered; without it only what is asked for is reported. */
  reportAfterMs?: number;
};

export type LocalCarriers = {
  port: number;
  url: string;
  /** What Telnyx's webhooks are verified with: base64 of 32 bytes. */
  telnyxPublicKey: string;
  taken: readonly Taken[];
  troubles: Troubles;
  /** The recipient said STOP to the provider itself. */
  block(provider: Provider, address: string): void;
  /** Reports these states in this order, each once as often as it is named; resolves with the statuses of the answers. */
  report(id: string, statuses: string[], code?: string): Promise<number[]>;
  /** A number that `/customer` writes SMS to, and where they are told of. */
  openLine(line: Line): void;
  close(): Promise<void>;
};

export async function startCarriers(options: CarriersOptions): Promise<LocalCarriers> {
  const telnyxKey = ed25519(options.telnyxSeed ?? randomBytes(32));
  const closing = new AbortController();
  const desk = openDesk({ accounts: options.accounts, clock: options.clock, onTaken });
  const signing: Signing = { desk, telnyxKey };
  const troubles = new Troubles();
  const resend = resendDesk(desk);
  const customer = customerDesk(desk);

  function onTaken(message: Taken): void {
    options.onTaken?.(message);
    if (options.reportAfterMs !== undefined) reportByItself(message, options.reportAfterMs).catch(() => {});
  }

  async function reportByItself({ id }: Taken, ms: number): Promise<void> {
    for (const status of ["sent", "delivered"]) {
      await wait(ms, undefined, { signal: closing.signal });
      await report(id, [status]);
    }
  }

  async function report(id: string, statuses: string[], code?: string): Promise<number[]> {
    const answers: number[] = [];
    const message = desk.taken.find((m) => m.id === id);
    if (!message) throw new Error(`nothing was taken as ${id}`);
    for (const status of statuses) {
      message.status = status;
      const made = reportOf(signing, { message, status, code });
      if (!made) continue;
      const { url, headers, body } = made;
      const answer = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
      await answer?.arrayBuffer();
      answers.push(answer?.status ?? 0);
    }
    return answers;
  }

  const desks: Record<Provider, (given: { asked: Asked; url: URL }) => Answer | Promise<Answer>> = {
    twilio: (given) => twilioAnswer(desk, given),
    telnyx: (given) => telnyxAnswer(desk, given),
    resend,
    postmark: (given) => postmarkAnswer(desk, given),
    chatwoot: (given) => passOn(options.behind?.chatwoot, given),
    telegram: (given) => passOn(options.behind?.telegram, given),
  };

  async function handle(asked: Asked): Promise<Answer> {
    const url = new URL(asked.target, "http://carriers.invalid");
    if (url.pathname === "/" && asked.method === "GET") return takenPage(desk.taken, customer.isOpen());
    if (url.pathname === "/customer") return customer.answer(asked, url);
    if (url.pathname === "/sent" && asked.method === "GET") return { status: 200, json: desk.taken };
    if (url.pathname === "/faults" && asked.method === "POST") return setFaults(troubles, asked.body);
    const provider = PROVIDERS.find((name) => url.pathname.startsWith(`/${name}/`));
    if (!provider) return { status: 404, json: { error: "There is no such carrier here." } };
    url.pathname = url.pathname.slice(provider.length + 1);
    return troubles.around({ provider, asked }, () => desks[provider]({ asked, url }));
  }

  const server = await listen({ ...(options.port === undefined ? {} : { port: options.port }), handle });
  return {
    port: server.port,
    url: server.url,
    telnyxPublicKey: publicKeyOf(telnyxKey),
    taken: desk.taken,
    troubles,
    block: (provider, address) => void desk.blocked.add(`${provider}:${address}`),
    report,
    openLine: customer.open,
    close: () => {
      closing.abort();
      troubles.close();
      return server.close();
    },
  };
}
