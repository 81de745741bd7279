// Every route there is, met by strangers: generated from the table of routes, so that a later verb cannot escape it.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import type { Route } from "#gateway/route.ts";
import { routes } from "#gateway/routes/index.ts";
import { type World, world } from "#test/kit/world.ts";
import { exampleRows, foreign } from "./foreign.ts";

let w: World;
/** A key that is good and may do nothing asked here. */
let powerless: string;

beforeAll(async () => {
  w = await world();
  await exampleRows(w);
  powerless = await addKey(w.neon, { ...w.a, permissions: ["nothing:at_all"], name: "may do nothing" });
});

const pathOf = (route: Route, id = "none_such") =>
  route.path.replace("{n}", "1").replaceAll(/\{[a-z_]+\}/g, encodeURIComponent(id));
const isRead = (route: Route) => route.method === "get" || route.method === "delete";

type Call = { key?: string; id?: string; body?: string; query?: string; type?: string };

/** A read's example as a query string. */
const queryOf = (route: Route) =>
  isRead(route) ? `?${new URLSearchParams((route.verb.example?.() ?? {}) as Record<string, string>)}` : "";

function call(route: Route, { key, id, body, query = queryOf(route), type = "application/json" }: Call) {
  const example = JSON.stringify(route.verb.example?.() ?? {});
  const headers: Record<string, string> = { "idempotency-key": `"sweep-${Math.random()}"` };
  if (!isRead(route)) headers["content-type"] = type;
  const sent = isRead(route) ? {} : { body: body ?? example };
  return w.fetch(pathOf(route, id) + query, {
    method: route.method.toUpperCase(),
    headers,
    ...sent,
    ...(key ? { key } : {}),
  });
}

async function expectProblem(answer: Response, status: number): Promise<{ code: string }> {
  const text = await answer.text();
  expect({ status: answer.status, text }).toMatchObject({ status });
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(text).not.toMatch(/node_modules|\bat [A-Za-z.]+ \(|select |insert |SQLSTATE|postgres/i);
  const body = JSON.parse(text) as { code: string; status: number; request_id: string };
  expect(body).toMatchObject({
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    request_id: answer.headers.get("x-request-id"),
  });
  return body;
}

const named = routes.map((route) => [`${route.method} ${route.path}`, route] as const);
const closed = named.filter(([, route]) => route.verb.scope !== "none");
const scoped = named.filter(([, route]) => route.verb.scope === "project");

describe.each(closed)("%s", (_, route) => {
  test("without credentials: 401, and the database is not asked", async () => {
    w.neon.resetStats();
    await expectProblem(await call(route, {}), 401);
    expect(w.neon.stats().requests).toBe(0);
  });

  test("with a made-up key: 401 in at most one request", async () => {
    const madeUp = await expectProblem(await call(route, { key: "omn_live_0" }), 401);
    expect(madeUp.code).toBe("invalid_credentials");
  });

  test("with another tenant's row: 404, as for a row that is nowhere", async () => {
    if (!route.path.includes("{")) return expect(foreign[route.verb.name]).toBeUndefined();
    const make = foreign[route.verb.name];
    if (!make) throw new Error(`${route.verb.name} names a row: give test/sweep/foreign.ts one of another tenant`);
    const theirs = await expectProblem(await call(route, { key: w.a.apiKey, id: await make(w) }), 404);
    const nowhere = await expectProblem(await call(route, { key: w.a.apiKey }), 404);
    expect(theirs.code).toBe(nowhere.code);
  });

  test("malformed: 400 that points at what to change", async () => {
    if (isRead(route)) {
      if (!route.list) return;
      await expectProblem(await call(route, { key: w.a.apiKey, query: "?limit=many" }), 400);
      expect((await expectProblem(await call(route, { key: w.a.apiKey, query: "?cursor=abc.def" }), 400)).code).toBe(
        "invalid_cursor",
      );
      return;
    }
    expect((await expectProblem(await call(route, { key: w.a.apiKey, body: '{"a":' }), 400)).code).toBe("invalid_json");
    expect((await expectProblem(await call(route, { key: w.a.apiKey, body: "[1]" }), 400)).code).toBe("invalid_input");
    expect((await expectProblem(await call(route, { key: w.a.apiKey, body: '{"a":"\\u0000"}' }), 400)).code).toBe(
      "invalid_text",
    );
    await expectProblem(await call(route, { key: w.a.apiKey, body: '{"a":"\\ud800"}' }), 400);
    await expectProblem(await call(route, { key: w.a.apiKey, type: "text/plain" }), 415);
    const long = "x".repeat(route.mostBytes ?? 300_000);
    await expectProblem(await call(route, { key: w.a.apiKey, body: `{"a":"${long}"}` }), 413);
  });

  test("with the wrong method: 405 that says which is right", async () => {
    const others = routes.filter((other) => other.path === route.path).map((other) => other.method);
    const wrong = (["put", "delete", "patch"] as const).find((method) => !others.includes(method));
    const answer = await w.fetch(pathOf(route), { method: (wrong ?? "put").toUpperCase(), key: w.a.apiKey });
    expect(answer.headers.get("allow")).toContain(route.method.toUpperCase());
    await expectProblem(answer, 405);
  });
});

describe.each(scoped)("%s", (_, route) => {
  test("with a key that lacks the permission: 403 in one request", async () => {
    await w.settled();
    w.neon.resetStats();
    const answer = await call(route, { key: powerless });
    // What is written down about a refused act comes after the answer and is not counted.
    expect([w.neon.stats().requests, answer.headers.get("server-timing")]).toEqual([
      1,
      expect.stringContaining("requests=1"),
    ]);
    const refused = await expectProblem(answer, 403);
    expect(refused.code).toBe("permission_missing");
  });

  test("its declared number of database requests is the number it makes", async () => {
    if (route.path.includes("{")) return;
    if (!isRead(route) && !route.verb.example) throw new Error(`${route.verb.name} takes a body: declare an example`);
    const query = isRead(route)
      ? `?${new URLSearchParams((route.verb.example?.() ?? {}) as Record<string, string>)}`
      : "";
    await call(route, { key: w.a.apiKey, query });
    // What the first one has to publish is not the second one's.
    await w.settled();
    w.neon.resetStats();
    const answer = await call(route, { key: w.a.apiKey });
    const made = w.neon.stats().requests;
    expect(answer.status).toSatisfy((status: number) => status < 300 || status === 409);
    // A conflict asks once more whether it was lost to the same request, sent twice.
    expect(made).toBe(answer.status === 409 ? route.verb.steps + 1 : route.verb.steps);
    expect(answer.headers.get("server-timing")).toContain(`requests=${made}`);
    await w.settled();
  });

  test("if it audits what it does, it audits once that somebody may not", async () => {
    if (isRead(route) || route.path.includes("{")) return;
    const outcomes = async (answer: Response) => {
      await w.settled();
      const request = answer.headers.get("x-request-id");
      const rows = await w.neon.query("select outcome from shared.audit_events where request_id = $1", [request]);
      return rows.map((row) => row["outcome"]);
    };
    const done = await outcomes(await call(route, { key: w.a.apiKey }));
    w.clock.advance(60_000);
    const refused = await outcomes(await call(route, { key: powerless }));
    expect(refused).toEqual(done.length > 0 || route.verb.audits ? ["refused"] : []);
  });
});

/** Writing routes without an Idempotency-Key, and why a repetition does no harm. */
const naturallyOnce: Record<string, string> = {
  "identity.login": "a repetition is another session, ends the one before it in this browser, and is counted",
  "identity.logout": "the session is over: a repetition is a 401",
  "identity.project.select": "it says where to be, not where to go",
  "identity.password.change": "the old password stops being right with the first, and tries are counted",
  "identity.password.confirm": "a repetition asks for the password again, is another session, and is counted",
  "identity.signup.start": "a newer PIN ends the one before, and starts are counted",
  "identity.signup.confirm": "a PIN opens once",
  "outbound.dry_run": "it writes nothing",
  "outbound.segments.count": "it reads",
  "outbound.templates.preview": "it reads",
};

test("every writing route takes an Idempotency-Key, or is known not to need one", () => {
  const without = routes.filter(({ method, verb }) => method !== "get" && verb.idempotency === "none");
  expect(without.map(({ verb }) => verb.name).sort()).toEqual(Object.keys(naturallyOnce).sort());
  const documented = readFileSync(new URL("../../docs/kernel.md", import.meta.url), "utf8");
  for (const name of Object.keys(naturallyOnce)) expect(documented).toContain(`\`${name}\``);
});

const writes = named.filter(([, route]) => route.verb.idempotency === "required");

describe.each(writes)("%s", (_, route) => {
  test("without an Idempotency-Key: 400; with an impossible one: 400", async () => {
    const headers = { "content-type": "application/json" };
    const send = (extra: Record<string, string>) =>
      w.fetch(pathOf(route), {
        method: route.method.toUpperCase(),
        key: w.a.apiKey,
        headers: { ...headers, ...extra },
        body: JSON.stringify(route.verb.example?.() ?? {}),
      });
    expect((await expectProblem(await send({}), 400)).code).toBe("idempotency_key_required");
    expect((await expectProblem(await send({ "idempotency-key": "x".repeat(256) }), 400)).code).toBe(
      "idempotency_key_invalid",
    );
    expect((await expectProblem(await send({ "idempotency-key": '""' }), 400)).code).toBe("idempotency_key_invalid");
  });
});

test("a key and a cookie together are refused, and an unknown path is a 404 problem", async () => {
  const both = await w.fetch("/v1/identity/me", { key: w.a.apiKey, headers: { cookie: "omneuro_session=abc" } });
  expect((await expectProblem(both, 400)).code).toBe("two_credentials");
  expect((await expectProblem(await w.fetch("/v1/nothing/here", { key: w.a.apiKey }), 404)).code).toBe("route_unknown");
});
