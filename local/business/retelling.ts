/** The demo's story told to a Chatwoot account: what its screens hold afterwards, and the webhooks it sends, the same at every telling. */
import { createHash } from "node:crypto";
import { Account, type Numbered } from "../chatwoot/account.ts";
import { makeContact } from "../chatwoot/contacts.ts";
import type { Office } from "../chatwoot/office.ts";
import { agentOf, contactActs, customerOf } from "../chatwoot/people.ts";
import type { Agent, Inbox as ChatwootInbox, EventName } from "../chatwoot/records.ts";
import { Webhooks } from "../chatwoot/webhooks.ts";
import { agents, business, demoStory, type Inbox, type StoryAction } from "./story.ts";

/** `id` is the delivery's; a webhook told again carries the same one. */
export type Told = { id: string; event: EventName; body: Uint8Array };

export type Retelling = { account: Account; webhooks: Told[]; messages: number };

export type Telling = {
  accountId: number;
  /** The story ends on the day before. */
  startedAt: Date;
  /** It stops after so many messages, answers and notes. */
  messages: number;
  /** Makes the random parts of this account; another seed is another account. */
  seed: string;
};

const INBOXES: Record<Inbox, ChatwootInbox> = {
  sms: { id: 1, name: "SMS", channel: "Channel::Api" },
  chat: { id: 2, name: "Website", channel: "Channel::WebWidget" },
  mail: { id: 3, name: "E-mail", channel: "Channel::Email" },
};
const FIRST_AGENT = 31;

/** Numbers for what happens outside the story: above all of its own, whichever came first. */
export const OUTSIDE_STORY: Partial<Record<Numbered, number>> = {
  contact: 6001,
  contactInbox: 1301,
  conversation: 1001,
  message: 100_001,
  attachment: 1701,
};

export function retell({ accountId, startedAt, messages, seed }: Telling): Retelling {
  const clock = { now: () => startedAt };
  const uuid = uuidsFrom(`${seed}/account`);
  const account = new Account({ id: accountId, name: business.name, uuid });
  const webhooks = new Webhooks({ clock, senders: 1 });
  webhooks.mode = "capture";
  webhooks.subscriptions.set(0, { id: 0, url: "", name: null, secret: null, events: [...EVENTS_TOLD] });
  for (const inbox of storyInboxes) account.inboxes.set(inbox.id, inbox);
  for (const agent of storyAgents) account.agents.set(agent.id, agent);
  const acts = messages === 0 ? [] : upTo(demoStory(startedAt), messages);
  const teller = new Teller({ account, webhooks, clock });
  for (const act of acts) teller.tell(act);
  const delivery = uuidsFrom(`${seed}/deliveries`);
  return {
    account,
    webhooks: webhooks.captured.map(({ event, body }) => ({ id: delivery(), event, body })),
    messages: acts.filter(isMessage).length,
  };
}

const EVENTS_TOLD: readonly EventName[] = [
  "contact_created",
  "contact_updated",
  "conversation_created",
  "conversation_status_changed",
  "conversation_updated",
  "message_created",
  "message_updated",
];

export const storyInboxes: ChatwootInbox[] = Object.values(INBOXES);
export const storyAgents: Agent[] = agents.map(({ name, email }, index) => {
  return { id: FIRST_AGENT + index, name, availableName: name.split(" ")[0] ?? name, email };
});

const isMessage = (act: StoryAction): boolean => act.do === "message" || act.do === "reply" || act.do === "note";

function upTo(story: readonly StoryAction[], messages: number): StoryAction[] {
  let told = 0;
  return story.filter((act) => {
    if (told >= messages) return false;
    if (isMessage(act)) told += 1;
    return true;
  });
}

type Act<K extends StoryAction["do"]> = Extract<StoryAction, { do: K }>;

/** Carries out one act after another, and remembers which of Chatwoot's numbers the story's names have become. */
class Teller {
  readonly #office: Office;
  readonly #contacts = new Map<string, number>();
  readonly #conversations = new Map<string, number>();
  readonly #messages = new Map<string, number>();

  constructor(office: Office) {
    this.#office = office;
  }

  tell(act: StoryAction): void {
    const agent = agentOf(this.#office);
    const { at } = act;
    if (act.do === "contact.created") this.#arrives(act);
    else if (act.do === "message") this.#writes(act);
    else if (act.do === "reply" || act.do === "note") this.#answers(act);
    else if (act.do === "contact.changed") {
      contactActs(this.#office).changes(known(this.#contacts, act.contact), act.changes, at);
    } else if (act.do === "edit") agent.edits(known(this.#messages, act.key), act.text, at);
    else if (act.do === "delete") agent.deletes(known(this.#messages, act.key), at);
    else if (act.do === "resolve") agent.resolves(known(this.#conversations, act.conversation), at);
    // What is left is a conversation opened again: the customer's message has done that.
  }

  #arrives({ contact, at }: Act<"contact.created">): void {
    const { key, name, phone = null, email = null } = contact;
    this.#contacts.set(key, makeContact(this.#office, { name, phone, email, at }).id);
  }

  #writes(act: Act<"message">): void {
    const earlier = this.#conversations.get(act.conversation);
    const { message, conversation } = customerOf(this.#office).writes({
      contact: known(this.#contacts, act.contact),
      text: act.text || null,
      at: act.at,
      inbox: INBOXES[act.inbox].id,
      ...(earlier === undefined ? {} : { conversation: earlier }),
      ...(act.attachment ? { attachments: [{ fileName: act.attachment.name, contentType: "image/jpeg" }] } : {}),
    });
    this.#conversations.set(act.conversation, conversation.id);
    this.#messages.set(act.key, message.id);
  }

  #answers(act: Act<"reply" | "note">): void {
    const agent = agentOf(this.#office);
    const said = {
      conversation: known(this.#conversations, act.conversation),
      agent: FIRST_AGENT + agents.findIndex(({ key }) => key === act.agent),
      text: act.text,
      at: act.at,
    };
    this.#messages.set(act.key, (act.do === "reply" ? agent.replies(said) : agent.notes(said)).id);
  }
}

function known(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`the story has not told of ${name} yet`);
  return number;
}

/** Version 4 in form, but always the same row of them for a seed. */
function uuidsFrom(seed: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    const hex = createHash("sha256").update(`${seed}/${count}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}
