// A project is taken along whole and brought in elsewhere: the same rows, the same answers, and nobody else's.
import { beforeAll, expect, test } from "vitest";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { contactId, remember } from "#test/memory/remember.ts";
import { type Table, tablesOf } from "#test/tenancy/catalog.ts";
import { Rows } from "#test/tenancy/rows.ts";
import {
  ask,
  brought,
  elsewhere,
  emptyProject,
  hashKeyOf,
  type Line,
  made,
  rowsOf,
  at as site,
  type Who,
} from "./carrying.ts";

let here: World;
let there: World;
let tables: Table[];
let lines: string[];
let key: string;
let arrived: Who;

const said = [
  { text: "The boiler at Mill Lane was replaced in May.", conversation: 1, contact: 1, at: "2026-05-01T08:00:00Z" },
  {
    text: "The yearly service of the boiler costs DKK 1,200.",
    conversation: 1,
    contact: 1,
    at: "2026-05-02T08:00:00Z",
  },
  { text: "Our van opens at seven every morning.", visibility: 0 as const, at: "2026-05-03T08:00:00Z" },
];
/** Whom each question is asked for: what is known of a fact by the client, by everybody, by nobody but staff. */
const facts = [
  { attribute: "gate.lock", value: "green", visibility: "contact", contact: "con_of" },
  { attribute: "opening_hours", value: "from ten", visibility: "public" },
  { attribute: "alarm.panel_word", value: "heron", visibility: "internal" },
];

async function know(): Promise<void> {
  const contact = contactId(here.a, 1);
  const { body } = await ask(here, here.a, "world/entities", { type: "Person", contact, name: "Mette Holm" });
  for (const { contact: of, ...fact } of facts) {
    const said = { ...fact, ...(of ? { contact } : {}), subject: body.id, value_type: "string" };
    const provenance = { source_type: "user_entered", source_ref: "form" };
    expect((await ask(here, here.a, "world/facts", { ...said, provenance })).status).toBe(201);
  }
}

const secrets = ["sealed-canary", "hash-canary"];

async function furnish(): Promise<void> {
  await remember(here.neon, here.a, said);
  await remember(here.neon, here.b, [{ text: "The foreign-canary lives next door.", at: "2026-05-03T08:00:00Z" }]);
  await know();
  const rows = new Rows(here.neon, tables);
  for (const { name } of tables.filter(({ isTenant }) => isTenant)) {
    await rows.any(here.a, name);
    await rows.any(here.b, name);
  }
  const place = [here.a.project];
  await here.neon.query(
    "update outbound.senders set credentials_sealed = 'sealed-canary' where project_id = $1",
    place,
  );
  await here.neon.query(
    "update identity.project_sources set secret_sealed = 'sealed-canary', api_token_sealed = 'sealed-canary' where project_id = $1",
    place,
  );
  await here.neon.query(
    "update shared.scheduled_jobs set name = 'nightly', cron = '30 2 * * *', timezone = 'Europe/Copenhagen', enabled = false, version = 3 where project_id = $1",
    place,
  );
  await here.neon.query("update identity.invitations set token_hash = 'hash-canary' where project_id = $1", place);
  await here.neon.query("update field.feeds set token_hash = 'hash-canary' where project_id = $1", place);
  // A record that names a younger one, and an entry that names the one that came after it.
  const [one] = await here.neon.query(
    "select id from people.contacts where project_id = $1 order by id limit 1",
    place,
  );
  await here.neon.query(
    "insert into people.contacts (project_id, id, name, merged_into) values ($1, 'con_0', 'Mette Holm', $2)",
    [...place, one?.["id"]],
  );
  for (const id of ["kbe_0", "kbe_1"])
    await here.neon.query(
      "insert into memory.kb_entries (project_id, id, type, title, body) values ($1, $2, 'diag', $2, 'Words')",
      [...place, id],
    );
  await here.neon.query(
    "update memory.kb_entries set replaced_by = 'kbe_1' where project_id = $1 and id = 'kbe_0'",
    place,
  );
}

beforeAll(async () => {
  // Rows made past the app have the machine's time, which an export must not find to be later.
  here = await world({ embedder: hashEmbedder, now: "2031-01-01T08:00:00Z" });
  there = await world({ embedder: hashEmbedder, now: "2031-01-01T08:00:00Z", neon: await elsewhere() });
  tables = await tablesOf(here.neon);
  await furnish();
  key = await hashKeyOf(here, here.a);
  lines = await made(here, here.a, { kind: "project" });
  arrived = await emptyProject(there);
});

test("an export holds a row of every table, no secret, and nothing of another tenant", async () => {
  const held = new Set(rowsOf(lines).map(({ table }) => table));
  const own = await here.neon.query(
    "select polrelid::regclass::text as name from pg_policy where polname = 'personal'",
  );
  const personal = own.map(({ name }) => name);
  const expected = tables.filter(
    ({ name, isTenant }) => isTenant && !/^shared\.(exports|import)/.test(name) && !personal.includes(name),
  );
  expect(expected.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
  const whole = lines.join("\n");
  for (const secret of [...secrets, key, "foreign-canary", here.b.project, here.b.source.id])
    expect(whole).not.toContain(secret);
  const manifest = JSON.parse(lines[0] ?? "");
  expect(manifest.tables["outbound.senders"].left_out).toContain("credentials_sealed");
  for (const { table, row } of rowsOf(lines))
    expect([table, Object.keys(row).sort()]).toEqual([table, [...manifest.tables[table].row.required].sort()]);
});

test("a damaged line is named, and with it nothing is taken", async () => {
  const who = await emptyProject(there);
  const at = lines.findIndex((line) => line.startsWith('{"table":"people.contacts"'));
  const wrong = lines.with(at, (lines[at] ?? "").replace("Mette", "Mitte"));
  expect(await brought(there, who, { lines: wrong, key })).toMatchObject({
    status: 400,
    body: { code: "import_line_wrong", line: at + 1 },
  });
  const short = lines.toSpliced(at, 1);
  const told = await brought(there, await emptyProject(there), { lines: short, key });
  expect(told).toMatchObject({ status: 400, body: { code: "import_line_wrong" } });
  expect(await brought(there, await emptyProject(there), { lines, key: key.replace(/./g, "0") })).toMatchObject({
    status: 400,
    body: { code: "hash_key_wrong" },
  });
});

test("brought in elsewhere it is the same project: same counts, same rows, same answers", async () => {
  // All but the last line, then what was brought already once more, and the end.
  const cut = await brought(there, arrived, { lines: lines.slice(0, -1), key, size: 30 });
  expect(cut).toMatchObject({ status: 409, body: { code: "import_incomplete" } });
  const [{ id } = {}] = await there.neon.query("select id from shared.imports where project_id = $1", [
    arrived.project,
  ]);
  const at = `shared/imports/${id}`;
  expect(await ask(there, arrived, `${at}/lines`, { after: 3, lines: lines.slice(4, 9) })).toMatchObject({
    status: 200,
    body: { lines: lines.length - 2 },
  });
  expect(await ask(there, arrived, `${at}/lines`, { after: lines.length, lines: lines.slice(-1) })).toMatchObject({
    status: 409,
    body: { code: "import_gap" },
  });
  expect(await ask(there, arrived, `${at}/lines`, { after: lines.length - 2, lines: lines.slice(-1) })).toMatchObject({
    status: 200,
  });
  expect(await ask(there, arrived, `${at}/finish`, {})).toMatchObject({ status: 200, body: { state: "done" } });
  const again = await made(there, arrived, { kind: "project" });
  const manifest = JSON.parse(lines[0] ?? "");
  const carried = (all: string[], project: string) =>
    rowsOf(all)
      .filter(({ table }) => table !== undefined && !manifest.tables[table]?.not_imported && table !== "shared.events")
      .map(({ table, row }: Line) => JSON.stringify([table, { ...row, disabled_at: null }]).replaceAll(project, "P"))
      // He is no member there.
      .map((line) => line.replace(`"user_id":"${here.a.user}"`, '"user_id":null'))
      .sort();
  expect(carried(again, arrived.project)).toEqual(carried(lines, here.a.project));
  const ledger = (all: string[], project: string) =>
    rowsOf(all)
      .filter(({ table }) => table === "shared.events")
      .map(({ row }) => JSON.stringify(row).replaceAll(project, "P"));
  expect(ledger(again, arrived.project)).toEqual(expect.arrayContaining(ledger(lines, here.a.project)));

  expect(await (await deliver(site(there), "memory.embed", { project: arrived.project })).json()).toMatchObject({
    failed: 0,
  });
  const answered: Record<string, number> = {};
  for (const question of [
    "What does the yearly service cost?",
    "When was the boiler replaced?",
    "When does the van open?",
    "What is the gate lock?",
    "What are the opening hours?",
    "What is the alarm panel word?",
  ])
    for (const audience of [{ kind: "staff" }, { kind: "contact", id: contactId(here.a, 1) }, { kind: "public" }]) {
      const [before, after] = [
        await ask(here, here.a, "ask", { question, audience }),
        await ask(there, arrived, "ask", { question, audience }),
      ];
      // A fact becomes evidence when it is first cited, in each project by itself.
      const told = ({ body }: typeof before, project: string) =>
        (body.citations as { id: string; source: { table: string; pk: string } }[]).reduce(
          (text, { id, source }) => (source.table === "world.facts" ? text.replaceAll(id, source.pk) : text),
          JSON.stringify([body.status, body.sentences, body.citations]).replaceAll(project, "P"),
        );
      expect([question, audience, told(after, arrived.project)]).toEqual([
        question,
        audience,
        told(before, here.a.project),
      ]);
      if (before.body.status === "answered") answered[audience.kind] = (answered[audience.kind] ?? 0) + 1;
    }
  const { staff = 0, contact = 0, public: everybody = 0 } = answered;
  expect([everybody > 0, contact > everybody, staff > contact]).toEqual([true, true, true]);
  expect(await ask(there, arrived, "ask", { question: "What does the yearly service cost?" })).toMatchObject({
    body: { status: "answered" },
  });
});

test("when things run comes along where people had changed it, and no rule that cannot be read", async () => {
  const rows = await there.neon.query(
    "select name, cron, timezone, enabled, next_run_at from shared.scheduled_jobs where project_id = $1 and name = 'nightly'",
    [arrived.project],
  );
  expect(rows).toEqual([
    { name: "nightly", cron: "30 2 * * *", timezone: "Europe/Copenhagen", enabled: false, next_run_at: null },
  ]);
  const [manifest = ""] = lines;
  const rule = lines.find((line) => line.startsWith('{"table":"shared.scheduled_jobs"')) ?? "";
  const wrong = [manifest, rule.replace("30 2 * * *", "99 2 * * *")];
  expect(await brought(there, await emptyProject(there), { lines: wrong, key })).toMatchObject({
    status: 400,
    body: { code: "import_line_wrong", line: 2, why: "schedule" },
  });
});

test("what needs a secret comes switched off, what was refused stays refused, and nothing comes twice", async () => {
  const off = await there.neon.query(
    "select 1 from outbound.senders where project_id = $1 and disabled_at is null union all select 1 from identity.project_sources where project_id = $1 and disabled_at is null",
    [arrived.project],
  );
  expect(off).toEqual([]);
  const [sender] = rowsOf(lines).filter(({ table }) => table === "outbound.senders");
  expect(await ask(there, arrived, `outbound/senders/${sender?.row["id"]}/resume`, {})).toMatchObject({
    status: 409,
    body: { code: "credentials_missing" },
  });
  // Keyed hashes of addresses mean the same addresses.
  expect(await hashKeyOf(there, arrived)).toBe(key);
  const full = await brought(there, arrived, { lines, key });
  expect(full).toMatchObject({ status: 409, body: { code: "project_not_empty" } });
  expect(await brought(here, here.b, { lines, key })).toMatchObject({
    status: 409,
    body: { code: "project_not_empty" },
  });
});

test("an export ends after a week, and is nobody else's", async () => {
  const { body } = await ask(here, here.a, "shared/exports", { kind: "project" });
  const part = `shared/exports/${body.id}/parts/1`;
  expect(await ask(here, here.b, part)).toMatchObject({ status: 404, body: { code: "export_unknown" } });
  expect(await ask(here, here.a, part.replace("/1", "/999"))).toMatchObject({
    status: 404,
    body: { code: "part_unknown" },
  });
  here.clock.advance(8 * 86_400_000);
  expect(await ask(here, here.a, part)).toMatchObject({ status: 410, body: { code: "export_expired" } });
});
