// Every route of the document, asked thousands of things it should and should not be asked, by two tenants at once.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openapi } from "#gateway/openapi.ts";
import { routes } from "#gateway/routes/index.ts";
import { chatwoot } from "#providers/chatwoot.ts";
import { restore } from "#test/kit/database.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { type LimitedWorld, limitedWorld } from "#test/kit/redis.ts";
import { publicUrl } from "#test/kit/world.ts";
import { type Call, calls, type Endpoint, endpoints } from "./calls.ts";
import { type Planted, plant, resolve } from "./tenants.ts";
import { judgeOf } from "./verdict.ts";

type Document = Parameters<typeof endpoints>[0] & Parameters<typeof judgeOf>[0];

const seed = Number(process.env["FUZZ_SEED"] ?? 20261122);
const share = Number(process.env["FUZZ_RUNS"] ?? 1);
const total = 20_400;
/** A password takes a quarter of a second to hash; asking takes three requests, and what is made stays. */
const costly: Record<string, number> = {
  "identity.login": 60,
  "identity.password.confirm": 60,
  "identity.password.change": 60,
  "identity.signup.start": 200,
  "identity.signup.confirm": 200,
  "memory.ask": 400,
  "identity.sources.bind": 500,
  "identity.api_keys.create": 500,
};

const document = openapi(routes, publicUrl) as unknown as Document;
const all = endpoints(document);
const others = all.filter(({ operation }) => !(operation.operationId in costly)).length;
const rest = total - all.reduce((sum, { operation }) => sum + (costly[operation.operationId] ?? 0), 0);
const runsOf = ({ operation }: Endpoint) =>
  Math.ceil((costly[operation.operationId] ?? Math.ceil(rest / others)) * share);

let w: LimitedWorld;
let planted: { a: Planted; b: Planted };
const tally = {
  asked: 0,
  reached: 0,
  own: 0,
  shown: new Set<string>(),
  statuses: {} as Record<string, number>,
  from: 0,
};

beforeAll(async () => {
  w = await limitedWorld({
    neon: await restore(),
    // As deployed: there, though no account of it answers.
    chatwoot: (now) => chatwoot({ mayBePrivate: false, timeoutMs: 500, now }),
    embedder: scriptedEmbedder().port,
  });
  const lists = all.filter(({ path, operation }) => {
    const hasCursor = operation.parameters.some(({ name }) => name === "cursor");
    return hasCursor && !path.includes("{");
  });
  const paths = lists.map(({ path }) => path);
  planted = { a: await plant(w, w.a, paths), b: await plant(w, w.b, paths) };
  w.clock.advance(120_000);
  tally.from = performance.now();
});

afterAll(async () => {
  await w.redis.close();
  await w.neon.close();
  const seconds = (performance.now() - tally.from) / 1000;
  console.log(
    `fuzz: seed ${seed}, ${tally.asked} requests, ${tally.reached} reached the database, ${Math.round(tally.asked / seconds)} per second`,
    tally.statuses,
  );
});

function credentialsOf(call: Call, operationId: string): { key?: string; headers: Record<string, string> } {
  const { tenant, sessions } = planted[call.caller];
  // Whoever signs out is not heard afterwards: the last session is kept for that.
  const session = sessions[operationId === "identity.logout" ? 4 : call.session];
  const cookie = { cookie: `omneuro_session=${session?.cookie}`, "x-csrf-token": session?.csrf ?? "" };
  switch (call.credential) {
    case "key":
      return { key: tenant.apiKey, headers: {} };
    case "read":
      return { key: tenant.readKey, headers: {} };
    case "forged":
      return { key: `${tenant.apiKey.slice(0, -7)}${"A".repeat(7)}`, headers: {} };
    case "session":
      return { headers: cookie };
    case "both":
      return { key: tenant.apiKey, headers: cookie };
    case "none":
      return { headers: {} };
  }
}

/** The request as it is sent; undefined when no client could send it. */
function requestOf(endpoint: Endpoint, call: Call) {
  const sides = { own: planted[call.caller], other: planted[call.caller === "a" ? "b" : "a"] };
  const filled = (text: string) => resolve(text, call, sides);
  const { key, headers } = credentialsOf(call, endpoint.operation.operationId);
  const address = `10.${call.address >> 8}.${call.address & 255}.1`;
  return {
    target: filled(call.path) + (call.query ? `?${filled(call.query)}` : ""),
    other: sides.other,
    init: {
      method: endpoint.method.toUpperCase(),
      headers: { ...headers, "cf-connecting-ip": address, ...call.headers },
      ...(key ? { key } : {}),
      ...(call.body === undefined ? {} : { body: filled(call.body) }),
    },
  };
}

async function ask(endpoint: Endpoint, call: Call) {
  const { target, init, other } = requestOf(endpoint, call);
  // Ten requests a second for everybody together: limits are in force, and mostly not reached.
  w.clock.advance(100);
  const answer = await w.fetch(target, init);
  tally.asked += 1;
  tally.statuses[answer.status] = (tally.statuses[answer.status] ?? 0) + 1;
  if (!/requests=0/.test(answer.headers.get("server-timing") ?? "")) tally.reached += 1;
  const text = await answer.text();
  if (planted[call.caller].secrets.some((secret) => text.includes(secret))) {
    tally.own += 1;
    if (endpoint.method === "get") tally.shown.add(endpoint.operation.operationId);
  }
  return { answer: { status: answer.status, headers: answer.headers, text }, other };
}

describe.concurrent("the document's promise", () => {
  test.each(all.map((endpoint) => [endpoint.operation.operationId, endpoint] as const))(
    "%s",
    { timeout: 600_000 },
    async (operationId, endpoint) => {
      const judge = judgeOf(document, endpoint);
      const replay = `FUZZ_SEED=${seed} npm test -- --project story test/fuzz -t '${operationId}'`;
      await fc.assert(
        fc.asyncProperty(calls(endpoint), async (call) => {
          const { answer, other } = await ask(endpoint, call);
          const wrong = judge(answer, other.secrets);
          if (wrong.length > 0) throw new Error(`${wrong.join("; ")}\n${answer.text.slice(0, 600)}\nreplay: ${replay}`);
        }),
        { seed, numRuns: runsOf(endpoint) },
      );
    },
  );
});

test("there were enough of them, and most were not turned away at the door", () => {
  expect(all.length).toBe(routes.length);
  expect(tally.asked).toBeGreaterThanOrEqual(20_000 * share);
  expect(tally.reached / tally.asked).toBeGreaterThan(0.5);
  // They were shown words of their own: those of the other would have been seen. What only counts or describes shows none.
  const reads = all.filter(({ method }) => method === "get").map(({ operation }) => operation.operationId);
  expect(tally.own / tally.asked).toBeGreaterThan(0.05);
  expect(tally.shown.size / reads.length).toBeGreaterThan(0.5);
});
