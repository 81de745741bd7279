/** Sending: the job that takes what is due for one sender, judges it once more, and hands it to the provider exactly once. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import type { Carried, Outgoing } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { type OpenSender, openSender } from "./account.ts";
import { mailBody } from "./mail-body.ts";
import { type Claim, type Claimed, claim, pause, queueRule, type Result, settle, wake } from "./queue.ts";
import { unsubscribeUrl } from "./unsubscribe.ts";

const Dispatched = () =>
  z.object({
    accepted: z.int(),
    refused: z.int(),
    later: z.int(),
    unknown: z.int(),
    /** What did not leave, by the code that explains it. */
    stopped: z.record(z.string(), z.int()),
  });

type Tally = z.output<ReturnType<typeof Dispatched>>;

export const dispatch = verb(
  {
    name: "outbound.dispatch",
    summary: "Send what is due for one sender",
    needs: "outbound:operate",
    doors: ["job"],
    effect: "external",
    // The sender, then one a batch: what was said is written down together with the next claim.
    steps: 4,
    input: () =>
      z.object({ sender: z.string().max(64).optional().describe("Left out, every one that has something due") }),
    output: Dispatched,
    did: ({ accepted, refused, later, unknown, stopped }) =>
      accepted + refused + later + unknown + Object.values(stopped).reduce((sum, n) => sum + n, 0),
  },
  async (ctx, { sender }) => {
    const tally: Tally = { accepted: 0, refused: 0, later: 0, unknown: 0, stopped: {} };
    for (const id of sender === undefined ? await dueSenders(ctx) : [sender]) await runSender(ctx, { id, tally });
    return tally;
  },
);

async function dueSenders(ctx: Ctx): Promise<string[]> {
  const query = sql`select distinct m.sender_id as id from outbound.messages m
    where m.project_id = shared.scope() and m.state = 'queued' and m.due_at <= shared.clock() order by 1 limit 100`;
  const [found] = await send(ctx, [raw<{ id: string }>(ctx, query)]);
  return found.rows.map(({ id }) => id);
}

async function runSender(ctx: Ctx, { id, tally }: { id: string; tally: Tally }): Promise<void> {
  const sender = await openSender(ctx, id);
  // Taken away since: what waited for it stays where an operator sees it.
  if (!sender) return;
  const run: Run = { sender, tally, wakes: [] };
  const until = ctx.clock.now().getTime() + queueRule.runSeconds * 1000;
  let said: Said | undefined;
  for (;;) {
    const timeIsUp = ctx.clock.now().getTime() >= until;
    const claimed = await turn(ctx, run, { said, claims: !timeIsUp && !said?.paused });
    if (!claimed || (claimed.rows.length === 0 && !goesOn(claimed))) break;
    said = claimed.rows.length > 0 ? await carry(ctx, run, claimed) : undefined;
  }
  publishStaged(ctx, run.wakes);
}

/** Nothing of this batch may leave, and it was decided about: the next ones are looked at at once. */
const goesOn = ({ more, stopped }: Claim): boolean => more && Object.keys(stopped).length > 0;

type Run = { sender: OpenSender; tally: Tally; wakes: Publishable[] };
const dispatchIn = (run: Run, inSeconds: number) =>
  ({ job: "outbound.dispatch", sender: run.sender.id, inSeconds }) as const;

type Said = { token: string; results: Result[]; paused?: { code: string; seconds: number } };
type Answer = { rows: { claim?: Claim; wake?: Publishable | null }[] };

/** Writes down what the provider said and takes the next ones, in one request. */
async function turn(
  ctx: Ctx,
  run: Run,
  now: { said: Said | undefined; claims: boolean },
): Promise<(Claim & { token: string }) | undefined> {
  const token = ctx.ids.uuid();
  const statements: Statement[] = [];
  if (now.said) statements.push(settle(ctx, now.said));
  const doubtful = now.said?.results.some((result) => result.outcome === "unknown") ?? false;
  if (doubtful)
    statements.push(wake(ctx, { job: "outbound.resolve", sender: null, inSeconds: queueRule.lookupSeconds[0] }));
  if (now.said?.paused) statements.push(pause(ctx, { sender: run.sender.id, ...now.said.paused }));
  // A paused sender's wake-up is the end of its pause; else the claim says when to come again.
  if (now.claims) statements.push(claim(ctx, { sender: run.sender.id, token, batch: queueRule.batch }));
  else statements.push(wake(ctx, dispatchIn(run, now.said?.paused?.seconds ?? 0)));
  const answers = (await send(ctx, statements)) as unknown as Answer[];
  const claimed = answers.at(-1)?.rows[0]?.claim;
  run.wakes.push(...answers.flatMap(({ rows: [row] }) => [row?.wake, row?.claim?.wake]).filter((row) => row != null));
  if (!claimed) return undefined;
  for (const [code, count] of Object.entries(claimed.stopped))
    run.tally.stopped[code] = (run.tally.stopped[code] ?? 0) + count;
  if (claimed.rows.length === 0 && claimed.more && !goesOn(claimed)) await comeBack(ctx, run);
  return { ...claimed, token };
}

/** Everything due was being decided about by somebody else: a moment later it is not. */
async function comeBack(ctx: Ctx, run: Run): Promise<void> {
  const [answer] = await send(ctx, [wake(ctx, dispatchIn(run, 1))]);
  const staged = answer.rows[0]?.wake;
  if (staged) run.wakes.push(staged);
}

async function carry(ctx: Ctx, run: Run, { rows, token }: Claim & { token: string }): Promise<Said> {
  const carried = await Promise.all(
    rows.map(async (row) => ({
      row,
      answer: await run.sender.carrier.send(run.sender.account, await outgoing(ctx, run.sender, row)),
    })),
  );
  const results = carried.map(({ row, answer }) => resultOf(row, answer));
  for (const { outcome } of results) run.tally[outcome] += 1;
  const refusal = carried.map(({ answer }) => answer).find((answer) => answer.outcome === "later" && answer.sender);
  if (refusal?.outcome !== "later") return { token, results };
  return { token, results, paused: { code: refusal.code, seconds: refusal.afterSeconds ?? queueRule.pauseSeconds } };
}

/** Every marketing e-mail carries the link that ends them; the carrier makes its headers of it. */
async function threadOf(ctx: Ctx, row: Claimed): Promise<Record<string, unknown>> {
  if (row.channel !== "email" || row.class !== "marketing") return row.thread;
  const { contact, channel, brand, id: message } = row;
  const project = ctx.who?.project ?? "";
  return { ...row.thread, unsubscribe: await unsubscribeUrl(ctx, { project, contact, channel, brand, message }) };
}

/** What an e-mail says stands in it twice, in plain text and as HTML of the same words. */
function wordsOf(sender: OpenSender, row: Claimed, thread: Record<string, unknown>): Pick<Outgoing, "text" | "html"> {
  if (row.channel !== "email") return { text: row.body };
  const { unsubscribe } = thread;
  const wayOut = row.class === "marketing" && typeof unsubscribe === "string" ? unsubscribe : undefined;
  return mailBody({ body: row.body, language: row.language, unsubscribe: wayOut, postal: sender.postal });
}

const outgoing = async (ctx: Ctx, sender: OpenSender, row: Claimed): Promise<Outgoing> => {
  const thread = await threadOf(ctx, row);
  return { ...addressed(ctx, sender, row), ...wordsOf(sender, row, thread), thread };
};

const addressed = (ctx: Ctx, sender: OpenSender, row: Claimed): Omit<Outgoing, "text" | "thread"> => ({
  ref: row.id,
  channel: row.channel,
  from: sender.address,
  to: row.to,
  ...(row.subject === null ? {} : { subject: row.subject }),
  language: row.language,
  class: row.class,
  statusUrl: `${ctx.settings.publicUrl}/v1/hooks/${sender.provider}/${sender.source ?? sender.id}/status?ref=${row.id}`,
});

function resultOf(row: Claimed, said: Carried): Result {
  const { id, attempt, number } = row;
  const wait = Math.min(number * queueRule.waitSeconds, queueRule.longestWaitSeconds);
  switch (said.outcome) {
    case "accepted":
      return { id, attempt, outcome: "accepted", provider_message_id: said.id, state: said.state ?? "submitted" };
    case "refused":
      return { id, attempt, outcome: "refused", code: said.code, opt_out: said.optOut ?? false, ...status(said) };
    case "later":
      return {
        id,
        attempt,
        outcome: "later",
        code: said.code,
        wait_seconds: Math.max(1, Math.ceil(said.afterSeconds ?? wait)),
        spared: said.sender ?? false,
        ...status(said),
      };
    case "unknown":
      return { id, attempt, outcome: "unknown", code: said.code, wait_seconds: queueRule.lookupSeconds[0] };
  }
}

const status = (said: { httpStatus?: number }) =>
  said.httpStatus === undefined ? {} : { http_status: said.httpStatus };
