/** How a command is declared: how many words it has, whether it writes, and what it does. */
import type { Keyspace } from "./keyspace.ts";
import type { Reply } from "./reply.ts";

export type Run = (keys: Keyspace, ...args: string[]) => Reply;

export type Command = {
  /** As Redis counts: the name included, negative for "at least". */
  arity: number;
  writes: boolean;
  run: Run;
};

export type Commands = Record<string, Command>;

export const reads = (arity: number, run: Run): Command => ({ arity, writes: false, run });
export const writes = (arity: number, run: Run): Command => ({ arity, writes: true, run });
