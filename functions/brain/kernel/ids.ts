/** Ids made by the code: UUID v7 (RFC 9562), bare or as `prefix_` plus 26 Crockford base32 characters; both sort by time. */
import { v7 } from "uuid";
import type { Clock } from "./clock.ts";

export const prefixes = {
  access: "acc",
  account: "act",
  answer: "ans",
  appointment: "apt",
  attempt: "att",
  audit: "aud",
  blackout: "blk",
  block: "wbk",
  campaign: "cmp",
  canary: "can",
  canaryRun: "cnr",
  capture: "cap",
  chat: "cht",
  commitment: "cmt",
  consent: "cns",
  contact: "con",
  contactPoint: "cpt",
  contextItem: "ctx",
  delivery: "dlv",
  document: "doc",
  edge: "edg",
  entity: "ent",
  entry: "kbe",
  erasure: "era",
  event: "evt",
  evidence: "evi",
  export: "exp",
  fact: "fct",
  feed: "fed",
  goal: "gol",
  idempotency: "idk",
  import: "imp",
  inboxItem: "inb",
  invitation: "inv",
  job: "job",
  key: "key",
  letter: "ltr",
  link: "lnk",
  membership: "mem",
  merge: "mrg",
  message: "msg",
  note: "nte",
  notice: "ntc",
  noticeRule: "nrl",
  offer: "ofr",
  offerApproval: "ofa",
  outbox: "obx",
  ownWrite: "own",
  pack: "pck",
  part: "prt",
  photo: "pho",
  policy: "pol",
  problem: "prb",
  promptRun: "prm",
  proposal: "mpr",
  question: "qst",
  rehearsal: "rhs",
  relationship: "rel",
  request: "req",
  run: "run",
  segment: "seg",
  sender: "snd",
  source: "src",
  syncRun: "syn",
  talk: "tlk",
  summary: "sum",
  suppression: "sup",
  tech: "tec",
  task: "tsk",
  template: "tpl",
  tombstone: "tmb",
  week: "wwk",
} as const;

export type IdKind = keyof typeof prefixes;

export type Ids = {
  uuid(): string;
  next(kind: IdKind): string;
  /** Random bytes for secrets and tokens. */
  random(bytes: number): Uint8Array;
};

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 16 bytes as 26 characters, most significant first, so that text order is byte order; the first holds three bits. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return text;
}

export const webRandom = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

/** Asking the runtime for random bytes costs more than the id made of them: asked in advance, for about fifty ids. */
const ahead = 1024;

function inAdvance(random: (bytes: number) => Uint8Array): (bytes: number) => Uint8Array {
  let pool = new Uint8Array();
  let used = 0;
  return (bytes) => {
    if (used + bytes > pool.length) [pool, used] = [new Uint8Array(random(ahead)), 0];
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}

export function makeIds(clock: Clock, random: (bytes: number) => Uint8Array = webRandom): Ids {
  const next = inAdvance(random);
  const bytes = () => v7({ msecs: clock.now().getTime(), random: next(16), seq: sequence() }, new Uint8Array(16));
  let last = 0;
  const sequence = () => {
    last = (last + 1 + (next(1)[0] ?? 0)) & 0x7fffffff;
    return last;
  };
  return {
    uuid: () => {
      const hex = Array.from(bytes(), (b) => b.toString(16).padStart(2, "0")).join("");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    next: (kind) => `${prefixes[kind]}_${base32(bytes())}`,
    random,
  };
}
