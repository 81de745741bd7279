// STOP against the dispatcher, the cap against twenty senders, and edits against both: on a Postgres with many sessions.
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { credentialText } from "#brain/kernel/ctx.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { systemOf } from "#test/kit/ctx.ts";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { canSend } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

let neon: RaceDatabase;
let carrier: ScriptedCarrier;
let w: World;
const sessions: pg.Client[] = [];

beforeAll(async () => {
  neon = await raceDatabase();
  carrier = scriptedCarrier();
  // Sessions of their own know no test clock.
  w = await world({ neon, carriers: { twilio: carrier.port }, now: new Date().toISOString() });
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end()));
});

/** A login of the serving role, whose transactions are entered as the Worker enters them. */
async function session() {
  const client = new pg.Client({ connectionString: neon.direct.appUrl });
  await client.connect();
  sessions.push(client);
  const context = JSON.stringify({ request: "req_race", scope: "project", project: w.a.project });
  return {
    client,
    async act(statement: string, params: unknown[]): Promise<Record<string, unknown>> {
      await client.query("begin");
      await client.query("select identity.enter($1, 'outbound:operate', $2::jsonb)", [
        credentialText(systemOf(w.a)),
        context,
      ]);
      const { rows } = await client.query(statement, params);
      await client.query("commit");
      return rows[0] as Record<string, unknown>;
    },
  };
}

/** So many people, each with one approved message that is due; named by round. */
async function queued(round: string, count: number, person = "con_' || $3 || '_' || i"): Promise<string> {
  const { sender } = await canSend(w, w.a);
  const place = [w.a.project, w.a.accountScope];
  await neon.query(
    `insert into people.contacts (project_id, account_scope_id, id) select $1, $2, '${person} from generate_series(1, $4::int) i on conflict do nothing`,
    [...place, round, count],
  );
  await neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
        idempotency_key, dedupe_key, written_by, due_at, through_quiet)
      select $1, $2, 'msg_' || $3 || '_' || lpad(i::text, 5, '0'), '${person}, 'sms', $5, 'transactional', '+4520304050', 'hash_' || $3 || ':' || i, '{UTC}',
        'Hi', $3 || ':' || i, $3 || ':' || i, 'user:x', now() - interval '1 minute', true from generate_series(1, $4::int) i`,
    [...place, round, count, sender],
  );
  await neon.query(
    `with s as materialized (select set_config('app.project_id', $1, true) as done)
     update outbound.messages m set state = 'approved', approved_at = now() - interval '1 hour', approved_by = 'user:y', seal = outbound.seal(m)
       from s where m.project_id = $1::uuid and m.state = 'draft'`,
    [w.a.project],
  );
  await neon.query("update outbound.messages set state = 'queued' where project_id = $1 and state = 'approved'", [
    w.a.project,
  ]);
  return sender;
}

describe("STOP against the dispatcher", () => {
  const rounds = 20;
  const people = 250;
  const perStop = 5;

  /** Claims until nothing is left that is due; what it claimed counts as sent. */
  async function dispatcher(sender: string, own: Awaited<ReturnType<typeof session>>) {
    for (let idle = 0; idle < 3; ) {
      const ids = JSON.stringify({
        attempts: Array.from({ length: 10 }, () => w.runtime.ids.next("attempt")),
        events: Array.from({ length: 10 }, () => w.runtime.ids.next("event")),
        wake: w.runtime.ids.next("outbox"),
      });
      const { claim } = (await own.act("select outbound.claim($1, $2, 10, interval '90 seconds', $3::jsonb) as claim", [
        sender,
        w.runtime.ids.uuid(),
        ids,
      ])) as { claim: { rows: unknown[]; more: boolean } };
      idle = claim.rows.length > 0 || claim.more ? 0 : idle + 1;
      // Everything due is being decided about by somebody else: the job comes again a moment later, and so does this.
      if (claim.rows.length === 0) await pause(20);
    }
  }

  /** Five people say STOP in one webhook; right after its commit, what has been sent to them is noted down. */
  async function stopper(
    round: string,
    own: Awaited<ReturnType<typeof session>>,
    first: number,
  ): Promise<Map<string, number>> {
    const seen = new Map<string, number>();
    for (let i = first; i <= people; i += 4 * perStop) {
      const who = Array.from({ length: perStop }, (_, n) => i + n).filter((n) => n <= people);
      const said = who.map((n) => ({
        person: `con_${round}_${n}`,
        said: "stop",
        seed: `${round}_${n}`,
        occurred_at: new Date().toISOString(),
        channels: [{ channel: "sms", address: null }],
      }));
      await own.act("select outbound.heard($1::jsonb) as done", [JSON.stringify(said)]);
      const sent = await neon.query(
        `select m.contact_id as person, count(t.id)::int as n from outbound.messages m
          left join outbound.attempts t on t.project_id = m.project_id and t.message_id = m.id
          where m.project_id = $1 and m.contact_id = any($2) group by 1`,
        [w.a.project, `{${said.map(({ person }) => person).join(",")}}`],
      );
      for (const { person, n } of sent) seen.set(String(person), Number(n));
    }
    return seen;
  }

  // Two proofs. The server's own commit times (track_commit_timestamp): every attempt was committed before the opt-out of its person.
  // And a snapshot taken right after each opt-out's commit: it already shows every attempt that there will ever be.
  test("over 5,000 interleavings nothing is sent after an opt-out has been committed", async () => {
    const [four, more] = [await Promise.all([1, 2, 3, 4].map(session)), await Promise.all([1, 2, 3, 4].map(session))];
    const tally = { sent: 0, blocked: 0 };
    for (let r = 0; r < rounds; r++) {
      const round = `r${r}`;
      const sender = await queued(round, people);
      const [seen] = await Promise.all([
        Promise.all(four.map((own, i) => stopper(round, own, 1 + i * perStop))),
        Promise.all(more.map((own) => dispatcher(sender, own))),
      ]);
      const known = new Map(seen.flatMap((one) => [...one]));
      const ended = await neon.query(
        `select m.contact_id as person, m.state, count(t.id)::int as n,
            coalesce(bool_or(pg_xact_commit_timestamp(t.xmin) >= pg_xact_commit_timestamp(c.xmin)), false) as late
          from outbound.messages m
            join outbound.contact_channel_policies c on c.project_id = m.project_id and c.contact_id = m.contact_id and c.opted_out_at is not null
            left join outbound.attempts t on t.project_id = m.project_id and t.message_id = m.id
          where m.project_id = $1 and m.contact_id like 'con_' || $2 || '\\_%' group by 1, 2`,
        [w.a.project, round],
      );
      expect(ended).toHaveLength(people);
      expect(ended.filter(({ person, n, late }) => late || known.get(String(person)) !== n)).toEqual([]);
      expect(ended.filter(({ state, n }) => state !== (n ? "submitting" : "blocked_opt_out"))).toEqual([]);
      tally.sent += ended.filter(({ n }) => n).length;
      tally.blocked += ended.filter(({ n }) => !n).length;
    }
    expect(tally.sent + tally.blocked).toBe(rounds * people);
    // Both came first often enough for this to have been a race.
    expect(Math.min(tally.sent, tally.blocked)).toBeGreaterThan(100);
  }, 300_000);
});

describe("twenty at once", () => {
  beforeEach(() => w.clock.set(new Date().toISOString()));

  test("to one person under a cap of three are exactly three", async () => {
    carrier.accepted.length = 0;
    const sender = await queued("cap", 20, "con_' || $3");
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => deliver(w, "outbound.dispatch", { project: w.a.project, sender })),
    );
    expect(claims.map(({ status }) => status)).toEqual(Array(20).fill(200));
    for (let i = 0; i < 3; i++) await deliver(w, "outbound.dispatch", { project: w.a.project, sender });
    expect(carrier.accepted).toHaveLength(3);
    const ended = await neon.query(
      "select state, code, count(*)::int as n from outbound.messages where project_id = $1 and sender_id = $2 group by 1, 2 order by 3",
      [w.a.project, sender],
    );
    expect(ended).toEqual([
      { state: "submitted", code: null, n: 3 },
      { state: "queued", code: "frequency_cap_reached", n: 17 },
    ]);
  });

  test("for a sender of five a second hand over five, and five more a second later", async () => {
    carrier.accepted.length = 0;
    const sender = await queued("pace", 20);
    await neon.query("update outbound.senders set per_second = 5 where project_id = $1 and id = $2", [
      w.a.project,
      sender,
    ]);
    for (const total of [5, 10]) {
      const claims = Array.from({ length: 20 }, () =>
        deliver(w, "outbound.dispatch", { project: w.a.project, sender }),
      );
      expect((await Promise.all(claims)).map(({ status }) => status)).toEqual(Array(20).fill(200));
      // Those that met one another left it to a later one.
      await deliver(w, "outbound.dispatch", { project: w.a.project, sender });
      expect(carrier.accepted).toHaveLength(total);
      w.clock.advance(1000);
    }
  });

  test("edited while they are claimed, each leaves as it was approved or waits as a draft, and no claim fails", async () => {
    carrier.accepted.length = 0;
    const sender = await queued("edit", 60);
    const edit = async (i: number) => {
      const id = `msg_edit_${String(i).padStart(5, "0")}`;
      const answer = await w.fetch(`/v1/outbound/messages/${id}/edit`, {
        method: "POST",
        key: w.a.apiKey,
        json: { version: 1, text: "Edited" },
        headers: { "idempotency-key": `"edit${i}"` },
      });
      return answer.status;
    };
    const dispatches = Array.from({ length: 6 }, () =>
      deliver(w, "outbound.dispatch", { project: w.a.project, sender }),
    );
    const edits = await Promise.all(Array.from({ length: 60 }, (_, i) => edit(i + 1)));
    expect((await Promise.all(dispatches)).map(({ status }) => status)).toEqual(Array(6).fill(200));
    for (let i = 0; i < 3; i++) await deliver(w, "outbound.dispatch", { project: w.a.project, sender });
    expect(new Set(carrier.accepted.map(({ text }) => text))).toEqual(
      carrier.accepted.length > 0 ? new Set(["Hi"]) : new Set(),
    );
    const drafts = await neon.query(
      "select count(*)::int as n from outbound.messages where project_id = $1 and sender_id = $2 and state = 'draft' and body = 'Edited'",
      [w.a.project, sender],
    );
    expect(edits.filter((status) => status === 200)).toHaveLength(Number(drafts[0]?.["n"]));
    expect(carrier.accepted.length + Number(drafts[0]?.["n"])).toBe(60);
  });
});
