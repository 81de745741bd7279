/** A Chatwoot account on the laptop: people act in it, it sends signed webhooks and answers the API calls we make. */
import { randomBytes } from "node:crypto";
import { Account, type Numbered } from "./chatwoot/account.ts";
import { answerApi } from "./chatwoot/api.ts";
import { changeConversation } from "./chatwoot/conversations.ts";
import { keep } from "./chatwoot/keep.ts";
import type { Office, When } from "./chatwoot/office.ts";
import { type AgentActs, agentOf, automationOf, type Customer, contactActs, customerOf } from "./chatwoot/people.ts";
import type { Agent, Conversation, EventName, Inbox, Team } from "./chatwoot/records.ts";
import { type Removals, removalsOf } from "./chatwoot/removals.ts";
import { subscribe } from "./chatwoot/subscribe.ts";
import { Troubles } from "./chatwoot/trouble.ts";
import { type Subscription, Webhooks } from "./chatwoot/webhooks.ts";
import { listen } from "./loopback.ts";

export type { Delivery, Failure } from "./chatwoot/webhooks.ts";
export { post } from "./chatwoot/webhooks.ts";

export type ChatwootOptions = {
  port?: number;
  accountId?: number;
  accountName?: string;
  /** The `api_access_token` the API asks for. */
  token?: string;
  /** The time of webhooks, and of acts that name none; acts of the past say so themselves. */
  clock?: { now(): Date };
  inboxes?: Inbox[];
  agents?: Agent[];
  teams?: Team[];
  firstIds?: Partial<Record<Numbered, number>>;
  /** How many webhooks may be on their way at once; 1 keeps them in the order of what happened. */
  senders?: number;
  /** Where the account outlives the process; without it everything is gone at the end. */
  file?: string;
};

export type LocalChatwoot = {
  port: number;
  /** The installation; API calls go to `${url}/api/v1/accounts/${accountId}`. */
  url: string;
  api: string;
  accountId: number;
  token: string;
  account: Account;
  webhooks: Webhooks;
  /** An account webhook. Without a secret given one is made; null is an installation too old to sign. */
  subscribe(given: { url: string; secret?: string | null; events?: EventName[]; name?: string }): Subscription;
  customer: Customer;
  agent: AgentActs;
  automation: ReturnType<typeof automationOf>;
  contact: ReturnType<typeof contactActs>;
  resolves(conversationId: number, at?: When): Conversation;
  /** What no webhook tells of. */
  removes: Removals;
  /** What goes wrong with the API, and who called it. */
  troubles: Troubles;
  close(): Promise<void>;
};

const INBOXES: Inbox[] = [
  { id: 1, name: "SMS", channel: "Channel::Api" },
  { id: 2, name: "Website", channel: "Channel::WebWidget" },
  { id: 3, name: "E-mail", channel: "Channel::Email" },
];
const AGENTS: Agent[] = [{ id: 31, name: "Lars Toft", availableName: "Lars", email: "lars@nordvarme.example" }];
const TEAMS: Team[] = [{ id: 2, name: "Drift" }];

export async function startChatwoot(options: ChatwootOptions = {}): Promise<LocalChatwoot> {
  const account = new Account({
    id: options.accountId ?? 7,
    name: options.accountName ?? "Nordvarme Service",
    ...(options.firstIds === undefined ? {} : { firstIds: options.firstIds }),
  });
  for (const inbox of options.inboxes ?? INBOXES) account.inboxes.set(inbox.id, inbox);
  for (const agent of options.agents ?? AGENTS) account.agents.set(agent.id, agent);
  for (const team of options.teams ?? TEAMS) account.teams.set(team.id, team);
  const clock = options.clock ?? { now: () => new Date() };
  const webhooks = new Webhooks({ clock, senders: options.senders ?? 4 });
  const office: Office = { account, webhooks, clock };
  const kept = options.file === undefined ? null : keep(office, options.file);
  const troubles = new Troubles(clock);
  const token = options.token ?? randomBytes(18).toString("base64url");
  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: async (asked) => {
      const answer = (await troubles.meet(asked)) ?? (await answerApi(office, { asked, token }));
      if ("drop" in answer) return answer;
      // A reader orders what it read by our clock, and a story's clock is not the machine's.
      return { ...answer, headers: { date: clock.now().toUTCString(), ...answer.headers } };
    },
  });
  account.url = server.url;
  return {
    port: server.port,
    url: server.url,
    api: `${server.url}/api/v1/accounts/${account.id}`,
    accountId: account.id,
    token,
    account,
    webhooks,
    subscribe: (given) => subscribe(office, given),
    customer: customerOf(office),
    agent: agentOf(office),
    automation: automationOf(office),
    contact: contactActs(office),
    removes: removalsOf(office),
    troubles,
    resolves: (conversationId, at) => changeConversation(office, { conversationId, patch: { status: "resolved" }, at }),
    close: async () => {
      await server.close();
      kept?.flush();
    },
  };
}
