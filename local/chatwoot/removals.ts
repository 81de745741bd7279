/** What disappears from an account without a webhook: messages, conversations, contacts, and contacts merged into others. */
import type { Account } from "./account.ts";
import type { Office } from "./office.ts";
import type { Contact } from "./records.ts";

export type Removals = ReturnType<typeof removalsOf>;

export function removalsOf(office: Office) {
  const { account } = office;
  const told = () => office.webhooks.onEvent();
  return {
    message: (id: number): void => {
      account.removeMessage(account.message(id));
      told();
    },
    conversation: (id: number): void => {
      removeConversation(account, id);
      told();
    },
    contact: (id: number): void => {
      account.contact(id);
      for (const { id: own, contactId } of account.conversations.values()) {
        if (contactId === id) removeConversation(account, own);
      }
      forget(account, id);
      told();
    },
    merge: (given: { into: number; from: number }): Contact => {
      const kept = mergeContacts(account, given);
      told();
      return kept;
    },
  };
}

function removeConversation(account: Account, id: number): void {
  account.conversation(id);
  for (const message of [...account.messagesOf(id)]) account.removeMessage(message);
  account.conversations.delete(id);
}

function forget(account: Account, contactId: number): void {
  for (const [id, link] of account.contactInboxes) if (link.contactId === contactId) account.contactInboxes.delete(id);
  account.contacts.delete(contactId);
}

/** `ContactMergeAction`: conversations, messages and addresses move, empty fields are filled, the other contact is destroyed. */
function mergeContacts(account: Account, { into, from }: { into: number; from: number }): Contact {
  const [kept, gone] = [account.contact(into), account.contact(from)];
  for (const conversation of account.conversations.values()) {
    if (conversation.contactId === from) conversation.contactId = into;
  }
  for (const message of account.messages.values()) {
    if (message.sender?.kind === "contact" && message.sender.id === from)
      message.sender = { kind: "contact", id: into };
  }
  for (const link of account.contactInboxes.values()) if (link.contactId === from) link.contactId = into;
  kept.email ??= gone.email;
  kept.phoneNumber ??= gone.phoneNumber;
  kept.identifier ??= gone.identifier;
  kept.customAttributes = { ...gone.customAttributes, ...kept.customAttributes };
  kept.additionalAttributes = { ...gone.additionalAttributes, ...kept.additionalAttributes };
  account.contacts.delete(from);
  return kept;
}
