/** Mail that a provider received for us and told of without its words. */

export type Mailbox = {
  /** The raw mail; undefined when it is there no longer. Throws ProviderFailure. */
  read(token: string, id: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
};
