/** Finds a command, checks its words, runs it and counts it: one at a time, so that everything is atomic. */
import type { Command, Commands } from "./command.ts";
import { hashes } from "./hashes.ts";
import { generic, server } from "./keys.ts";
import type { Keyspace } from "./keyspace.ts";
import { lists } from "./lists.ts";
import { RedisError, type Reply, toText } from "./reply.ts";
import { type Stage, scripting } from "./scripts.ts";
import { sets } from "./sets.ts";
import { sortedRanges } from "./sorted-ranges.ts";
import { sortedSets } from "./sorted-sets.ts";
import { strings } from "./strings.ts";

export type Counts = {
  /** As Upstash bills them: those that scripts call are among them. */
  commands: number;
  byCommand: Record<string, number>;
};

export class Engine {
  readonly keys: Keyspace;
  counts: Counts = { commands: 0, byCommand: {} };
  /** Commands that may have changed something, since the start. */
  changes = 0;
  readonly #commands: Commands;

  constructor(keys: Keyspace, limits: { scriptMs: number }) {
    this.keys = keys;
    const data = { ...strings, ...generic, ...hashes, ...lists, ...sets, ...sortedSets, ...sortedRanges };
    const fromScripts: Commands = { ...data, ...server };
    const call: Stage["call"] = (args, how) => this.#fromScript(fromScripts, { args, how });
    this.#commands = { ...fromScripts, ...scripting({ call, mostMs: limits.scriptMs }) };
  }

  /** Runs a command; the first word is its name. Throws RedisError. */
  call(args: string[]): Reply {
    const command = this.find(args);
    return this.#run(command, args);
  }

  /** The command, or the error of one that is unknown or has too few or too many words. */
  find(args: string[]): Command {
    const [name = "", ...rest] = args;
    const command = lookUp(this.#commands, name);
    if (!command) {
      const shown = rest.map((arg) => `'${toText(arg).slice(0, 128)}' `).join("");
      throw new RedisError(`ERR unknown command '${toText(name)}', with args beginning with: ${shown}`);
    }
    if (!fits(command, args)) {
      throw new RedisError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
    }
    return command;
  }

  #run(command: Command, args: string[]): Reply {
    const name = (args[0] ?? "").toLowerCase();
    this.counts.commands += 1;
    this.counts.byCommand[name] = (this.counts.byCommand[name] ?? 0) + 1;
    if (command.writes) this.changes += 1;
    return command.run(this.keys, ...args.slice(1));
  }

  #fromScript(allowed: Commands, given: { args: string[]; how: "may write" | "reads only" }): Reply {
    const name = given.args[0] ?? "";
    const command = lookUp(allowed, name);
    if (!command) {
      const isKnown = lookUp(this.#commands, name) !== undefined;
      throw new RedisError(
        isKnown ? "ERR This Redis command is not allowed from script" : "ERR Unknown Redis command called from script",
      );
    }
    if (!fits(command, given.args)) throw new RedisError("ERR Wrong number of args calling Redis command from script");
    if (command.writes && given.how === "reads only") {
      throw new RedisError("ERR Write commands are not allowed from read-only scripts.");
    }
    return this.#run(command, given.args);
  }
}

const lookUp = (commands: Commands, name: string): Command | undefined =>
  Object.hasOwn(commands, name.toLowerCase()) ? commands[name.toLowerCase()] : undefined;

const fits = (command: Command, args: string[]): boolean =>
  command.arity > 0 ? args.length === command.arity : args.length >= -command.arity;
