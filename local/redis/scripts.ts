/** EVAL, EVALSHA, their read-only sisters and SCRIPT: texts kept under their SHA-1, as clients expect to find them. */
import { createHash } from "node:crypto";
import { integer } from "./arguments.ts";
import type { Command, Commands } from "./command.ts";
import { check, run, type Script } from "./lua.ts";
import { OK, RedisError, type Reply } from "./reply.ts";

const sha1 = (text: string) => createHash("sha1").update(Buffer.from(text, "latin1")).digest("hex");

/** Of these only `no-writes` changes anything here; `allow-key-locking` is Upstash's own. */
const FLAGS = ["no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys", "allow-key-locking"];

type Prepared = Script & { mayWrite: boolean };

/** The first line may name the engine and flags; it is blanked, so that errors keep their line numbers. */
function prepare(source: string): Prepared {
  const [, first = ""] = /^#!([^\n]*)/.exec(source) ?? [];
  const sha = sha1(source);
  if (first === "") return { source, sha, mayWrite: true };
  const [engine, ...words] = first.trim().split(/ +/);
  if (engine !== "lua") throw new RedisError(`ERR Unexpected engine in script shebang: #!${engine}`);
  const flags = words.flatMap((word) => word.replace(/^flags=/, "").split(","));
  const odd = flags.find((flag) => !FLAGS.includes(flag));
  if (odd !== undefined) throw new RedisError(`ERR Unexpected flag in script shebang: ${odd}`);
  return { source: source.slice(first.length + 2), sha, mayWrite: !flags.includes("no-writes") };
}

function split(count: string, rest: string[]): { names: string[]; args: string[] } {
  const n = integer(count);
  if (n < 0) throw new RedisError("ERR Number of keys can't be negative");
  if (n > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
  return { names: rest.slice(0, n), args: rest.slice(n) };
}

export type Stage = {
  /** Runs a command on behalf of a script. */
  call(args: string[], how: "may write" | "reads only"): Reply;
  mostMs: number;
};

export function scripting(stage: Stage): Commands {
  const known = new Map<string, Prepared>();

  const keep = (source: string): Prepared => {
    const sha = sha1(source);
    const found = known.get(sha) ?? prepare(source);
    if (!known.has(sha)) check(found.source);
    known.set(sha, found);
    return found;
  };
  const find = (sha: string): Prepared => {
    const found = known.get(sha.toLowerCase());
    if (!found) throw new RedisError("NOSCRIPT No matching script. Please use EVAL.");
    return found;
  };

  const evaluate = (get: (text: string) => Prepared, given: { reads: boolean }): Command => ({
    arity: -3,
    writes: !given.reads,
    run: (_, text: string, count: string, ...rest) => {
      const operands = split(count, rest);
      const script = get(text);
      const how = given.reads || !script.mayWrite ? "reads only" : "may write";
      return run(script, operands, { call: (args) => stage.call(args, how), sha1, mostMs: stage.mostMs });
    },
  });

  const script = (_: unknown, subcommand: string, ...args: string[]): Reply => {
    const name = subcommand.toUpperCase();
    if (name === "LOAD" && args.length === 1) return keep(args[0] ?? "").sha;
    if (name === "EXISTS" && args.length > 0) return args.map((sha) => (known.has(sha.toLowerCase()) ? 1 : 0));
    if (name === "FLUSH") {
      known.clear();
      return OK;
    }
    throw new RedisError(`ERR unknown subcommand or wrong number of arguments for '${subcommand}'. Try SCRIPT HELP.`);
  };

  return {
    eval: evaluate(keep, { reads: false }),
    eval_ro: evaluate(keep, { reads: true }),
    evalsha: evaluate(find, { reads: false }),
    evalsha_ro: evaluate(find, { reads: true }),
    script: { arity: -2, writes: false, run: script },
  };
}
