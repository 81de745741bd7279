/** Chatwoot as the brain sees it; functions/providers/chatwoot.ts speaks its REST API. */

/** A Chatwoot account and the token that opens its API. */
export type ChatwootAccess = { url: string; account: string; token: string };

/** Objects as Chatwoot wrote them, their `id` checked, everything else unread. */
export type ChatwootRow = Record<string, unknown> & { id: number };

/** `asOf`: a whole second of Chatwoot's own clock at which this was certainly not yet read; null where it tells no time. */
export type ChatwootRows = {
  rows: ChatwootRow[];
  /** How many there are on all pages, where it says so. */
  total: number | null;
  asOf: Date | null;
};

/** Ids from `from` (included) to `below` (not), which is open where it is null. */
export type MessageRange = { conversation: number; from: number; below: number | null };

export const conversationStatuses = ["open", "resolved", "pending", "snoozed"] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

/** Under this name our own id stands in a message's `content_attributes`, which Chatwoot keeps and tells back. */
export const ownRef = "omneuro_ref";

/** A text for a conversation: to the customer, or for the staff only. */
export type ChatwootText = { conversation: number; ref: string; text: string; as: "message" | "note" };

/** What it has become: the object, or `true` where Chatwoot answers with less. */
export type ChatwootWrites = {
  write(access: ChatwootAccess, text: ChatwootText): Promise<ChatwootRow | null>;
  /** The number of the message that carries `ref`, written since then; null when there is none, undefined when it cannot be told. */
  written(
    access: ChatwootAccess,
    sought: { conversation: number; ref: string; since: Date },
  ): Promise<number | null | undefined>;
  setStatus(access: ChatwootAccess, to: { conversation: number; status: ConversationStatus }): Promise<true | null>;
  /** By nobody: null. */
  assign(access: ChatwootAccess, to: { conversation: number; assignee: number | null }): Promise<true | null>;
  /** All of them: what is not named is taken off. */
  label(access: ChatwootAccess, to: { conversation: number; labels: string[] }): Promise<true | null>;
};

/** Chatwoot's REST API. Whatever goes wrong is a ProviderFailure; null is a 404 of that one object. */
export type Chatwoot = ChatwootWrites & {
  /** Any status, newest activity first; pages count from 1 and shift while they are read. */
  conversations(access: ChatwootAccess, page: number): Promise<ChatwootRows>;
  conversation(access: ChatwootAccess, id: number): Promise<ChatwootRow | null>;
  /** `complete` is false when there may be more in the range than one answer holds. */
  messages(access: ChatwootAccess, range: MessageRange): Promise<(ChatwootRows & { complete: boolean }) | null>;
  /** Newest first; only those with an e-mail, a phone number or an identifier. */
  contacts(access: ChatwootAccess, page: number): Promise<ChatwootRows>;
  contact(access: ChatwootAccess, id: number): Promise<ChatwootRow | null>;
};
