// The ways round row security: functions with the owner's rights, views, jobs, sessions, and every list and get by REST.
import { beforeAll, describe, expect, test } from "vitest";
import { registry } from "#brain/registry.ts";
import { openapi } from "#gateway/openapi.ts";
import { routes } from "#gateway/routes/index.ts";
import { type Endpoint, endpoints } from "#test/fuzz/calls.ts";
import { type Planted, plant } from "#test/fuzz/tenants.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { publicUrl, type World, world } from "#test/kit/world.ts";
import { codeOf, type Speak, servingRole } from "./role.ts";

let w: World;
let a: Planted;
let b: Planted;
let speak: Speak;
const all = endpoints(openapi(routes, publicUrl) as unknown as Parameters<typeof endpoints>[0]);

beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
  speak = servingRole(w);
  a = await plant(w, w.a, []);
  b = await plant(w, w.b, []);
});

const ours = "n.nspname !~ '^pg_|^information_schema$|^ext$|^public$'";

describe("a function with the owner's rights", () => {
  /** Each as the serving role may call it, with B's ids in it. */
  const calls: Record<string, () => string> = {
    "assistant.aged": () => `select * from assistant.aged('summaries') where project_id = '${w.b.project}'`,
    "assistant.bind_telegram": () =>
      `select assistant.bind_telegram('{"sender":"1","chat":"1","hash":"${w.b.user}","id":"cht_x","event":"evt_x"}')`,
    "assistant.enter_telegram": () =>
      `select assistant.enter_telegram('{"sender":"1","chat":"1","about":"${b.things["task"]}"}', 'assistant:use', '{"scope":"project"}')`,
    "assistant.hear_ledger": () => "select assistant.hear_ledger()",
    "assistant.let_go": () =>
      `select assistant.let_go('turns', array(select i.id from assistant.inbox_items i where i.project_id = '${w.b.project}'))`,
    "assistant.listeners": () => "select assistant.listeners()",
    "assistant.people": () => "select assistant.people()",
    "assistant.telegram_chat_of": () => `select assistant.telegram_chat_of('${w.b.user}')`,
    "assistant.telegram_projects": () =>
      `select assistant.telegram_projects('{"sender":"1","chat":"1","choose":"${w.b.project}"}')`,
    "field.due_projects": () => "select field.due_projects()",
    "identity.account_bound": () => `select identity.account_bound('chatwoot_account', '${w.b.accountId}')`,
    "identity.create_project": () =>
      `select identity.create_project('${w.b.project}', '${w.b.accountScope}', 'mem_x', '{}')`,
    "identity.disable_member": () =>
      `select identity.disable_member((select id from identity.memberships where project_id = '${w.b.project}'), true)`,
    "identity.enter": () =>
      `select identity.enter('key:${b.things["key"]}:${"0".repeat(64)}', 'identity:read', '{"scope":"project"}')`,
    "identity.finish_signup": () =>
      `select identity.finish_signup('${w.b.project}', 'no proof', '${w.b.project}', '{"id":"x","csrf":"y","days":1}')`,
    "identity.open_session": () =>
      `select identity.open_session('${w.b.user}', 'no proof', '{"id":"x","csrf":"y","days":1}')`,
    "identity.purge_ended": () => "select identity.purge_ended(500, 0, 0)",
    "identity.telegram_code": () => "select identity.telegram_code('hash', 60)",
    "identity.telegram_hear": () => "select identity.telegram_hear('update', 'sender', 'chat', 'no code')",
    "identity.try_pin": () => `select identity.try_pin('${w.b.project}', 5)`,
    "inbox.purge_quarantine": () => "select inbox.purge_quarantine(500)",
    "memory.due_projects": () => "select memory.due_projects()",
    "memory.evidence_found": () =>
      `select * from memory.evidence_found('${b.secrets[0]} boiler', 50) where text like '%${b.secrets[0]}%'`,
    "memory.rarity": () => `select * from memory.rarity('${b.secrets[0]}') where passages > 0`,
    "memory.recall": () =>
      `select * from memory.recall('${b.secrets[0]} boiler', 'english', null, null, 0, '{"visibilities":[0,1,2],"contacts":["${b.things["person"]}"]}', 50)`,
    "outbound.due_projects": () => "select outbound.due_projects()",
    "shared.due_projects": () => "select shared.due_projects()",
    "shared.due_schedules": () => "select shared.due_schedules('1 day', 10)",
    "shared.enforce_project_scope_match": () => "select shared.enforce_project_scope_match()",
    "shared.keep_stray": () =>
      `select shared.keep_stray('{"job":"shared.tick","reason":"x","status":0,"message":"${w.b.project}"}')`,
    "shared.lapsed_projects": () => "select shared.lapsed_projects()",
    "shared.mark_handed": () => `select shared.mark_handed('[{"project":"${w.b.project}","id":"obx_x"}]')`,
    "shared.plan_runs": () =>
      `select shared.plan_runs('[{"project":"${w.b.project}","id":"x","version":1,"fires":[]}]')`,
    "shared.put_schedules": () => "select shared.put_schedules('[]', 10)",

    "shared.unsealed_projects": () => "select shared.unsealed_projects()",
    "world.saying_name": () => "select world.saying_name(50)",
    "world.told": () =>
      `select * from world.told('staff', '{${b.secrets[0]},boiler,made}', null, null, null, 50) t where t.text like '%${b.secrets[0]}%'`,
  };

  test("is one of these, fixes its search path, and is closed to the public", async () => {
    const found = await w.neon.query(`select p.oid::regproc::text as name,
        coalesce(p.proconfig::text like '%search_path=pg_catalog%', false)::text as fixed,
        has_function_privilege('public', p.oid, 'execute')::text as public, (p.prorettype = 'trigger'::regtype)::text as trigger
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${ours} order by 1`);
    expect(found.map((row) => row["name"])).toEqual(Object.keys(calls));
    // A trigger function cannot be called, whoever may.
    for (const row of found)
      expect(row).toMatchObject({ fixed: "true", ...(row["trigger"] === "true" ? {} : { public: "false" }) });
  });

  /** About the installation, whoever asks: yes or no to what a signed sender has just named. */
  const installation: Record<string, unknown[]> = {
    "assistant.bind_telegram": [{ bind_telegram: null }],
    "assistant.telegram_chat_of": [{ telegram_chat_of: null }],
    "assistant.telegram_projects": [{ telegram_projects: [] }],
    "identity.account_bound": [{ account_bound: true }],
    "identity.telegram_hear": [{ telegram_hear: expect.stringMatching(/^(ignored|repeated)$/) }],
  };
  const no = expect.stringMatching(/^(42501|0A000|OM4\d\d)$/);

  test("tells nothing without a scope", async () => {
    for (const [name, call] of Object.entries(calls)) {
      const told = await speak(null, call());
      if (installation[name]) expect(told).toMatchObject({ rows: installation[name] });
      else expect([name, codeOf(told)]).toEqual([name, no]);
    }
  });

  test("tells nothing of B in A's scope", async () => {
    const { project, accountScope } = w.a;
    for (const [name, call] of Object.entries(calls)) {
      const told = await speak({ project, accountScope }, call());
      if ("code" in told) expect([name, told.code]).toEqual([name, no]);
      else expect([name, told.rows]).toEqual([name, installation[name] ?? []]);
    }
    // The same question in B's own scope finds something: the words are there.
    expect(await speak(w.b, calls["memory.recall"]?.() ?? "")).toMatchObject({
      rows: expect.arrayContaining([expect.anything()]),
    });
  });
});

test("every view goes by the rights of who asks", async () => {
  const views = await w.neon.query(`select c.oid::regclass::text as name, coalesce(c.reloptions::text, '') as options
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${ours}`);
  expect(views.length).toBeGreaterThan(1);
  for (const { name, options } of views) {
    expect([name, options]).toEqual([name, expect.stringContaining("security_invoker=true")]);
    expect(
      await speak(w.a, `select count(*)::int as n from ${name} where project_id = '${w.b.project}'`),
    ).toMatchObject({ rows: [{ n: 0 }] });
  }
});

test("the serving role makes nothing of its own: no schema takes its tables or functions", async () => {
  const able = await w.neon.query(
    `select nspname from pg_namespace n where has_schema_privilege('omneuro_app', n.oid, 'create') and nspname !~ '^pg_temp'`,
  );
  expect(able).toEqual([]);
});

async function stateOfB(): Promise<string> {
  const tables =
    await w.neon.query(`select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace where a.attname = 'project_id' and c.relkind = 'r' and ${ours}`);
  const parts = tables.map(
    ({ name }) => `select '${name}' as t, to_jsonb(x)::text as j from ${name} x where project_id = $1`,
  );
  const [row] = await w.neon.query(
    `select md5(string_agg(t || j, ' ' order by t, j)) as sum from (${parts.join(" union all ")}) z`,
    [w.b.project],
  );
  return String(row?.["sum"]);
}

describe("a job for A with ids of B", () => {
  const jobs = registry.filter((verb) => verb.doors.includes("job"));

  test.each(jobs.map((verb) => [verb.name, verb] as const))("%s leaves B as it was", async (name, verb) => {
    // A callback names its project inside the signed message it is about.
    if (verb.scope === "none") return expect(["shared.tick", "shared.letters.receive"]).toContain(name);
    const [message] = await w.neon.query("select id from shared.outbox where project_id = $1 limit 1", [w.b.project]);
    const before = await stateOfB();
    const ids = { ...b.things, project_id: w.b.project, chunk_id: b.things["chunk"], chunks: [b.things["chunk"]] };
    const answer = await deliver(w, name, { ...ids, project: w.a.project, id: String(message?.["id"]) });
    const text = await answer.text();
    expect([name, answer.status, text]).toEqual([name, 200, expect.not.stringContaining(w.b.project)]);
    expect(await stateOfB()).toBe(before);
  });

  test("there are some", () => expect(jobs.length).toBeGreaterThan(3));
});

test("a session whose active project is another tenant's has no project", async () => {
  const [session] = a.sessions;
  await w.neon.query("update identity.sessions set active_project_id = $1 where csrf_token = $2", [
    w.b.project,
    session?.csrf,
  ]);
  const headers = { cookie: `omneuro_session=${session?.cookie}` };
  const me = await (await w.fetch("/v1/identity/me", { headers })).text();
  expect(me).not.toContain(w.b.project);
  expect(JSON.parse(me)).toMatchObject({ project: null });
  expect((await w.fetch("/v1/inbox/messages", { headers })).status).toBe(409);
});

describe("by REST, B's id is as good as one that is nowhere", () => {
  const reads = all.filter(
    ({ method, operation }) => method === "get" && operation.parameters.some((each) => each.schema.type === "string"),
  );
  /** An id of the same form that nobody has. */
  const nowhere = (id: string) => id.replaceAll(/[0-9a-f](?=[0-9a-f]{3})/g, (digit) => (digit === "0" ? "1" : "0"));

  async function told({ path, operation }: Endpoint, name: string, id: string) {
    const filled = path.replace(/\{[a-z_]+\}/, encodeURIComponent(id));
    const others = operation.parameters.filter((each) => each.required && each.in === "query" && each.name !== name);
    const query = new URLSearchParams([
      ...others.map((each) => [each.name, "boiler"]),
      ...(path.includes("{") ? [] : [[name, id]]),
    ]);
    const answer = await w.fetch(`${filled}?${query}`, { key: w.a.apiKey });
    const text = (await answer.text()).replaceAll(id, "").replaceAll(/"request_id":"[^"]+"/g, "");
    return { status: answer.status, text };
  }

  test.each(reads.map((endpoint) => [endpoint.operation.operationId, endpoint] as const))("%s", async (_, endpoint) => {
    // The words of a question are nobody's id: they are weighed by their meaning, and each asks something else.
    const names = endpoint.operation.parameters.filter(
      (each) => each.schema.type === "string" && each.in !== "header" && each.name !== "q",
    );
    for (const { name } of names)
      for (const [thing, id] of Object.entries(b.things)) {
        // A conversation's number is each tenant's own count.
        if (thing === "number") continue;
        const theirs = await told(endpoint, name, id);
        expect([name, thing, theirs]).toEqual([name, thing, await told(endpoint, name, nowhere(id))]);
        expect(b.secrets.filter((secret) => theirs.text.includes(secret))).toEqual([]);
        expect(theirs.status).toBeLessThan(500);
      }
  });
});
