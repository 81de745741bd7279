/** The other firm's Chatwoot: the stand-in that answers its API, in this process, with the real adapter before it and a bad line between. */
import type { Chatwoot } from "#brain/kernel/ports.ts";
import { Account } from "#local/chatwoot/account.ts";
import { answerApi } from "#local/chatwoot/api.ts";
import type { Office } from "#local/chatwoot/office.ts";
import { agentOf, contactActs, customerOf } from "#local/chatwoot/people.ts";
import { removalsOf } from "#local/chatwoot/removals.ts";
import { subscribe } from "#local/chatwoot/subscribe.ts";
import { Webhooks } from "#local/chatwoot/webhooks.ts";
import { chatwoot } from "#providers/chatwoot.ts";
import type { Engine } from "./engine.ts";
import { chatwootFaults, type Faults } from "./faults.ts";
import type { Rng } from "./rng.ts";

export const officeUrl = "https://chatwoot.simulated.example";
export const officeToken = "token-of-lars";
/** More often than the rest: a run is a handful of calls. */
const often = 0.12;
const patienceMs = 15_000;

export type SimOffice = Pick<Office, "account" | "webhooks"> & {
  customer: ReturnType<typeof customerOf>;
  agent: ReturnType<typeof agentOf>;
  contact: ReturnType<typeof contactActs>;
  removes: ReturnType<typeof removalsOf>;
  /** One answer of the API, as the line carries it. */
  answer(url: string, headers: Record<string, string>): Promise<Response>;
  /** What somebody does just when a list is being read; the area sets it. */
  meanwhile(): void;
};

export function openOffice(given: { accountId: number; rng: Rng; now(): number }): SimOffice {
  const { accountId, rng, now } = given;
  let names = 0;
  const uuid = () => {
    names += 1;
    return `00000000-0000-4000-8000-${String(names).padStart(12, "0")}`;
  };
  const account = new Account({ id: accountId, name: "Sydklima", uuid });
  account.inboxes.set(1, { id: 1, name: "SMS", channel: "Channel::Api" });
  account.agents.set(31, { id: 31, name: "Lars Toft", availableName: "Lars", email: "lars@sydklima.example" });
  account.url = officeUrl;
  const clock = { now: () => new Date(now()) };
  const webhooks = new Webhooks({ clock, senders: 1 });
  webhooks.mode = "capture";
  const office: Office = { account, webhooks, clock };
  subscribe(office, { url: "https://omneuro.simulated.example/hook", secret: `unused ${rng.below(1e9)}` });
  return {
    account,
    webhooks,
    customer: customerOf(office),
    agent: agentOf(office),
    contact: contactActs(office),
    removes: removalsOf(office),
    answer: async (url, headers) => {
      const asked = { method: "GET", target: url.slice(officeUrl.length), headers, body: Buffer.alloc(0) };
      const told = await answerApi(office, { asked, token: officeToken });
      if ("drop" in told) throw new TypeError("fetch failed");
      const date = clock.now().toUTCString();
      return Response.json(told.json, { status: told.status, headers: { date, ...told.headers } });
    },
    meanwhile: () => {},
  };
}

type Around = {
  engine: Engine;
  faults: Faults;
  rng: Rng;
  trace(line: string): void;
  passTime(ms: number): void;
};
type Line = (typeof chatwootFaults)[number];

function lineOf(
  office: SimOffice,
  { rng, passTime }: Around,
): Record<Line, (url: string, h: Heads) => Promise<Response>> {
  return {
    "chatwoot.http_429": async () =>
      new Response("Retry later\n", { status: 429, headers: { "retry-after": String(1 + rng.below(120)) } }),
    "chatwoot.http_500": async () => Response.json({ error: "trouble" }, { status: 500 }),
    "chatwoot.timeout": async () => {
      passTime(patienceMs);
      throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
    },
    "chatwoot.cut_off": async (url, headers) => {
      const whole = await office.answer(url, headers);
      const text = await whole.text();
      return new Response(text.slice(0, Math.floor(text.length / 2)), whole);
    },
    // A load balancer without its backend: nothing of this says that anything is gone.
    "chatwoot.proxy_404": async () =>
      new Response("<html>404 Not Found</html>", { status: 404, headers: { "content-type": "text/html" } }),
    "chatwoot.list_shifts": async (url, headers) => {
      office.meanwhile();
      return office.answer(url, headers);
    },
  };
}

type Heads = Record<string, string>;

/** The adapter is the real one; each of its calls is one effect. */
export function chatwootPort(around: Around & { now(): number }, office: SimOffice): Chatwoot {
  const { engine, faults, trace } = around;
  const real = chatwoot({ mayBePrivate: false, timeoutMs: patienceMs, now: () => new Date(around.now()) });
  const line = lineOf(office, around);
  const over = <T>(what: string, call: () => Promise<T>): Promise<T> =>
    engine.park("chatwoot", what, async () => {
      const fault = faults.among(chatwootFaults, { atLeast: often });
      if (fault) trace(`  ${fault}: ${what}`);
      const carry = fault ? line[fault] : office.answer;
      return throughLine(carry, call);
    });
  return {
    conversations: (access, page) => over(`conversations ${page}`, () => real.conversations(access, page)),
    conversation: (access, id) => over(`conversation ${id}`, () => real.conversation(access, id)),
    messages: (access, range) => over(`messages of ${range.conversation}`, () => real.messages(access, range)),
    contacts: (access, page) => over(`contacts ${page}`, () => real.contacts(access, page)),
    contact: (access, id) => over(`contact ${id}`, () => real.contact(access, id)),
    write: (access, wanted) => over("write", () => real.write(access, wanted)),
    written: (access, wanted) => over("written", () => real.written(access, wanted)),
    setStatus: (access, wanted) => over("status", () => real.setStatus(access, wanted)),
    assign: (access, wanted) => over("assign", () => real.assign(access, wanted)),
    label: (access, wanted) => over("label", () => real.label(access, wanted)),
  };
}

/** One effect happens at a time, so for its length the only `fetch` is this one. */
async function throughLine<T>(
  carry: (url: string, headers: Heads) => Promise<Response>,
  call: () => Promise<T>,
): Promise<T> {
  const before = globalThis.fetch;
  globalThis.fetch = (url, init) => carry(String(url), Object.fromEntries(new Headers(init?.headers).entries()));
  try {
    return await call();
  } finally {
    globalThis.fetch = before;
  }
}
