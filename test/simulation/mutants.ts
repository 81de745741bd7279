/** Guards taken out of the database, one at a time: each must make the simulation fail, or nothing watches it. */
import type { House } from "./house.ts";
import { inbox, inboxOf } from "./inbox.ts";
import { memory } from "./memory.ts";
import { byScript, inFunction, type Mutant } from "./mutant.ts";
import { operators } from "./operators.ts";
import { outboundMutants } from "./outbound-mutants.ts";
import { plannerMutants } from "./planner-mutants.ts";
import { reconcile } from "./reconcile.ts";
import { type Outcome, runSeed } from "./run.ts";
import { schedules } from "./schedules.ts";
import { staff } from "./staff.ts";
import { worldMutants } from "./world-mutants.ts";

/** The guards themselves are quoted here: whoever changes one changes its mutant. */
export const mutants: readonly Mutant[] = [
  {
    name: "token",
    without: "the claim's token when vectors are settled",
    breaks: /fence: .* settled/,
    // Leases end before the embedder answers.
    focus: { kinds: [], temper: 0, crowded: true, dawdles: { at: /^embedder/, pace: 0.1 } },
    areas: [inboxOf({ change: 0, takeBack: 0, turn: 0, rename: 0 }), memory],
    steps: 120,
    apply: inFunction("memory.settle", " and q.token = claim_token", ""),
  },
  {
    name: "text_hash",
    without: "the hash of the words that were embedded",
    breaks: /I2/,
    // Only a claim that reaches the database a second time, after an edit, gives an old worker's token new words.
    focus: {
      kinds: [],
      temper: 0,
      aims: [{ kind: "database.request_repeated_later", at: /memory\.claim/, chance: 1 }],
      dawdles: { at: /^embedder/, pace: 0.04 },
    },
    areas: [inboxOf({ most: 2, change: 5, takeBack: 0, turn: 0, rename: 0 }), memory],
    steps: 60,
    apply: inFunction(
      "memory.settle",
      `and (select c.text_hash from memory.chunks c where c.project_id = p and c.id = q.chunk_id)
          = hashes[array_position(ids, q.chunk_id)]`,
      "",
    ),
  },
  {
    name: "lease",
    without: "the running lease when texts are claimed",
    breaks: /fence: .* claimed/,
    focus: { kinds: [], temper: 0, dawdles: { at: /^embedder/, pace: 0.04 } },
    areas: [inboxOf({ change: 0, takeBack: 0, turn: 0, rename: 0 }), memory],
    apply: inFunction("memory.claim", "and (q.lease_until is null or q.lease_until <= at)", ""),
  },
  {
    name: "outbox_sweep",
    without: "the sweep over the outbox",
    breaks: /no rest/,
    apply: inFunction(
      "shared.sweep_outbox",
      "o.state = 'pending' and shared.is_overdue",
      "false and shared.is_overdue",
    ),
  },
  {
    name: "memory_sweep",
    without: "the sweep over waiting passages",
    breaks: /no rest|I3/,
    // A worker dies with its claim, its job does not come again, and nobody writes any more.
    focus: {
      kinds: ["job.not_repeated"],
      temper: 0,
      aims: [{ kind: "crash.before_effect", at: /^embedder/, chance: 1 }],
    },
    areas: [inboxOf({ change: 0, takeBack: 0, turn: 0, rename: 0, most: 2 }), memory],
    steps: 60,
    apply: inFunction("memory.sweep", "return memory.wake_at(wake_id, 'memory.embed', at);", "return null;"),
  },
  {
    name: "duplicate_key",
    without: "the unique keys of deliveries",
    breaks: /I1/,
    apply: byScript(
      "drop index inbox.deliveries_once; drop index inbox.deliveries_content_once;",
      `delete from inbox.deliveries;
       create unique index deliveries_once on inbox.deliveries (project_id, source_id, delivery_id) nulls not distinct where outcome <> 'replayed';
       create unique index deliveries_content_once on inbox.deliveries (project_id, source_id, content_key) where content_key is not null;`,
    ),
  },
  {
    name: "idempotency",
    without: "the memory of answered requests",
    breaks: /I10/,
    apply: async (house) => {
      const replay = await inFunction("shared.replay", "begin\n", "begin\n  return;\n")(house);
      await house.exec("alter table shared.idempotency_keys drop constraint idempotency_once");
      return async () => {
        await replay();
        await house.exec(`delete from shared.idempotency_keys; alter table shared.idempotency_keys
          add constraint idempotency_once unique (project_id, principal, route, idempotency_key)`);
      };
    },
  },
  {
    name: "newest_wins",
    without: "the version of an edit",
    breaks: /I6|mirror/,
    focus: { kinds: ["webhook.overtaken"], temper: 0 },
    areas: [inboxOf({ write: 1, change: 4, takeBack: 0, turn: 0, rename: 0 }), memory],
    apply: inFunction("inbox.weigh_messages", "or d.version_at < t.updated_at then null", "then null"),
  },
  {
    name: "deletion_is_final",
    without: "the finality of a deletion",
    breaks: /I6|mirror/,
    // Deliveries overtake each other: an edit without a version of its own arrives after the deletion.
    focus: { kinds: ["webhook.overtaken"], temper: 0 },
    areas: [inboxOf({ write: 2, change: 4, takeBack: 3, turn: 0, rename: 0 }), memory],
    apply: inFunction(
      "inbox.weigh_messages",
      "when t.deleted_at is not null then case when d.deleted and d.version_at < t.deleted_at then 'redate' end",
      "when false then null",
    ),
  },
  {
    name: "old_vectors",
    without: "the removal of an edited text's vector",
    breaks: /I2/,
    apply: inFunction("memory.settle_sources", "and v.text_hash <> c.text_hash", "and false"),
  },
  {
    name: "watermark",
    without: "the watermark's waiting for a complete run",
    breaks: /I12/,
    focus: { kinds: ["chatwoot.http_500", "chatwoot.proxy_404", "webhook.lost"], temper: 0.3, office: true },
    areas: [reconcile, schedules],
    steps: 120,
    apply: inFunction(
      "inbox.end_run",
      "run.state = 'done' and run.phase = 'done' and run.kind <> 'check' and run.todo = '[]'",
      "true",
    ),
  },
  ...outboundMutants,
  ...plannerMutants,
  ...worldMutants,
  {
    name: "row_security",
    without: "row security on messages",
    breaks: /I7/,
    focus: { kinds: [], temper: 0 },
    areas: [inbox, staff],
    apply: byScript(
      "alter table inbox.cw_messages disable row level security",
      "alter table inbox.cw_messages enable row level security",
    ),
  },
  {
    name: "chain",
    without: "the link to the seal before",
    breaks: /I8/,
    // Sealed once an hour at the most: what is audited must lie on both sides of a seal.
    focus: { kinds: ["clock.jump"], temper: 0 },
    areas: [staff, operators],
    steps: 140,
    apply: inFunction(
      "shared.seal_audit",
      "next_root := sha256(coalesce(last.root, ''::bytea) || found_leaves)",
      "next_root := sha256(found_leaves)",
    ),
  },
];

export type Hunt = { mutant: Mutant; seeds: number; caught?: Outcome };

/** Seeds from `from` on until one fails in the way the guard's absence must show. */
export async function hunt(
  mutant: Mutant,
  { house, from, most }: { house: House; from: number; most: number },
): Promise<Hunt> {
  const restore = await mutant.apply(house);
  try {
    for (let seeds = 1; seeds <= most; seeds += 1) {
      const { focus, areas, steps } = mutant;
      const outcome = await runSeed(from + seeds - 1, {
        house,
        ...(focus ? { focus } : {}),
        ...(areas ? { areas } : {}),
        ...(steps ? { steps } : {}),
      });
      if (outcome.failure?.broken.some((text) => mutant.breaks.test(text))) return { mutant, seeds, caught: outcome };
    }
    return { mutant, seeds: most };
  } finally {
    await restore();
  }
}
