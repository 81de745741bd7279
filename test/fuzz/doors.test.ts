// The doors that no document describes: the console's forms, agents' messages and jobs, asked what they should not be asked.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "#gateway/routes/index.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { chatwoot } from "#providers/chatwoot.ts";
import { restore } from "#test/kit/database.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { type LimitedWorld, limitedWorld } from "#test/kit/redis.ts";
import { publicUrl, signingKeys } from "#test/kit/world.ts";
import { type AgentCall, agentCalls } from "./agent-calls.ts";
import { type FormCall, formCalls, formPaths, isOpen } from "./form-calls.ts";
import { type JobCall, jobCalls, jobNames } from "./job-calls.ts";
import { type Planted, plant, resolve } from "./tenants.ts";
import { inside } from "./verdict.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? 20261122);
const share = Number(process.env["FUZZ_RUNS"] ?? 1);
/** Hashing a password takes a quarter of a second, an answer three requests. */
const costly: Record<string, number> = {
  "/console/login": 5,
  "/console/confirm": 8,
  "/console/password": 8,
  "/console/ask": 15,
};
/** Each form has its own seed: with one for all, all would be asked in the same way. */
const runs = (most: number, offset = 0) => ({ seed: seed + offset, numRuns: Math.ceil(most * share) });

let w: LimitedWorld;
let planted: { a: Planted; b: Planted };
const tally: Record<string, Record<number, number>> = { forms: {}, agents: {}, jobs: {} };
const seconds: Record<string, number> = {};

beforeAll(async () => {
  w = await limitedWorld({
    neon: await restore(),
    // As deployed: there, though no account of it answers.
    chatwoot: (now) => chatwoot({ mayBePrivate: false, timeoutMs: 500, now }),
    embedder: scriptedEmbedder().port,
  });
  const lists = routes.filter(({ list, path }) => list && !path.includes("{")).map(({ path }) => path);
  planted = { a: await plant(w, w.a, lists), b: await plant(w, w.b, lists) };
  w.clock.advance(120_000);
});

afterAll(async () => {
  await w.redis.close();
  await w.neon.close();
  console.log(`fuzz of the other doors: seed ${seed}`, tally, seconds);
});

type Answer = { status: number; headers: Headers; text: string };
type Sides = { own: Planted; other: Planted };

const sidesOf = (caller: "a" | "b"): Sides => ({ own: planted[caller], other: planted[caller === "a" ? "b" : "a"] });

async function ask(door: string, target: string, init: RequestInit & { key?: string }): Promise<Answer> {
  w.clock.advance(100);
  const answer = await w.fetch(target, { method: "POST", ...init });
  const counts = tally[door] ?? {};
  counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What no answer of any door may be. `said` is what was sent, which a form may show again. */
function generally({ status, headers, text }: Answer, { other, said = "" }: Sides & { said?: string }): string[] {
  const seen = `${text}\n${[...headers].join("\n")}`;
  return [
    ...(status >= 500 ? [`${status}: our fault`] : []),
    ...(headers.get("x-content-type-options") === "nosniff" ? [] : ["headers are missing"]),
    ...(!inside.test(said) && inside.test(text) ? ["tells how it is made inside"] : []),
    ...other.secrets.filter((secret) => seen.includes(secret)).map((secret) => `holds the other tenant's ${secret}`),
  ];
}

function problemIn({ status, text, headers }: Answer): string[] {
  if (headers.get("content-type") !== "application/problem+json") return ["a refusal that is no problem+json"];
  const body = JSON.parse(text) as { status: number; code: string };
  return body.status === status && /^[a-z_]+$/.test(body.code) ? [] : ["no problem with its own status and a name"];
}

async function holds<C extends object>(
  door: string,
  calls: fc.Arbitrary<C>,
  how: { most: number; offset?: number; wrong(call: C): Promise<string[]> },
) {
  const began = performance.now();
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const wrong = await how.wrong(call);
      if (wrong.length > 0)
        throw new Error(`${wrong.join("; ")}\nFUZZ_SEED=${seed} npm test -- --project story test/fuzz/doors`);
    }),
    runs(how.most, how.offset),
  );
  seconds[door] = Math.round((seconds[door] ?? 0) + (performance.now() - began)) / 1000;
}

async function wrongOfForm(declared: string, call: FormCall): Promise<string[]> {
  const sides = sidesOf(call.caller);
  const filled = (text: string) => resolve(text, call, sides);
  // Whoever signs out is not heard afterwards: the last session is kept for that.
  const session = sides.own.sessions[declared === "/console/logout" ? 4 : call.session];
  const cookie = { own: session?.cookie, forged: "x".repeat(43), none: undefined }[call.cookie];
  const proofs = {
    own: session?.csrf,
    other: sides.other.sessions[call.session]?.csrf,
    wrong: "wrong",
    none: undefined,
  };
  const proof = proofs[call.proof];
  const answer = await ask("forms", filled(call.path), {
    body: `${filled(call.body)}${proof === undefined ? "" : `&csrf=${encodeURIComponent(proof)}`}`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "cf-connecting-ip": `10.${call.address >> 8}.${call.address & 255}.1`,
      ...(cookie ? { cookie: `omneuro_session=${cookie}` } : {}),
      ...call.headers,
    },
  });
  const place = answer.headers.get("location") ?? "";
  const isPage = (answer.headers.get("content-type") ?? "").startsWith("text/html");
  const isFile = answer.status === 200 && (answer.headers.get("content-disposition") ?? "").startsWith("attachment;");
  const isProven = call.cookie === "own" && call.proof === "own";
  const wasDone = answer.status === 200 || (answer.status === 303 && !place.startsWith("/console/login"));
  return [
    ...generally(answer, { ...sides, said: call.body }),
    ...(answer.status === 303 || isPage || isFile ? [] : ["neither a page, nor the way to one, nor a file"]),
    ...(answer.status !== 303 || /^\/console(\/|\?|$)/.test(place) ? [] : [`leads to ${place}`]),
    ...(answer.text.includes("<script>alert(1)") ? ["what was written became markup"] : []),
    ...(wasDone && !isProven && !isOpen(declared) ? ["done without the session's proof"] : []),
  ];
}

test.each(formPaths.map((path) => [path]))("the form %s", { timeout: 120_000 }, async (path) => {
  const most = costly[path] ?? 18;
  const offset = formPaths.indexOf(path);
  await holds("forms", formCalls(path), { most, offset, wrong: (call) => wrongOfForm(path, call) });
});

type Envelope = {
  jsonrpc?: unknown;
  result?: { isError?: boolean; content?: { text: string }[] };
  error?: { code?: unknown; message?: unknown; data?: { status?: number } };
};

/** One message of JSON-RPC, plain or as the one event of a stream. */
function envelopeOf({ headers, text }: Answer): Envelope {
  const isStream = (headers.get("content-type") ?? "").startsWith("text/event-stream");
  const data = isStream ? (/^data: (.*)$/m.exec(text)?.[1] ?? "") : text;
  return JSON.parse(data) as Envelope;
}

function faultsOfEnvelope(answer: Answer): string[] {
  const { jsonrpc, result, error } = envelopeOf(answer);
  if (jsonrpc !== "2.0" || !(result === undefined) === !(error === undefined)) return ["no JSON-RPC"];
  const failed = result?.isError
    ? (JSON.parse(result.content?.[0]?.text ?? "{}") as { status?: number; code?: string })
    : null;
  return [
    ...(error && !(Number.isInteger(error.code) && typeof error.message === "string")
      ? ["an error without a code"]
      : []),
    ...(error?.code === -32603 && (error.data?.status ?? 500) >= 500 ? ["our fault, in JSON-RPC's words"] : []),
    ...(failed && !((failed.status ?? 500) < 500 && failed.code)
      ? ["a tool's failure that is our fault or has no name"]
      : []),
    ...(answer.status >= 400 && !error ? ["a refusal without an error"] : []),
  ];
}

async function wrongOfAgent(call: AgentCall): Promise<string[]> {
  const sides = sidesOf(call.caller);
  const filled = (text: string) => resolve(text, call, sides);
  const { tenant, sessions } = sides.own;
  const keys = { key: tenant.apiKey, read: tenant.readKey, forged: `${tenant.apiKey.slice(0, -7)}AAAAAAA` } as const;
  const key = call.credential in keys ? keys[call.credential as keyof typeof keys] : undefined;
  const headers = Object.entries(call.headers).map(([name, value]) => [
    name,
    filled(value).replaceAll(/[^\x21-\x7e ]/g, ""),
  ]);
  const answer = await ask("agents", call.path, {
    body: filled(call.body),
    ...(key ? { key } : {}),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "cf-connecting-ip": `10.${call.address >> 8}.${call.address & 255}.1`,
      ...(call.credential === "cookie" ? { cookie: `omneuro_session=${sessions[0]?.cookie}` } : {}),
      ...Object.fromEntries(headers),
    },
  });
  const isKnown = call.credential === "key" || call.credential === "read";
  const isProblem = answer.headers.get("content-type") === "application/problem+json";
  return [
    ...generally(answer, sides),
    ...(answer.status < 400 && !isKnown ? ["let in without a key"] : []),
    ...(isProblem ? problemIn(answer) : answer.text === "" ? [] : faultsOfEnvelope(answer)),
  ];
}

test("agents' messages, in both eras", { timeout: 120_000 }, async () => {
  await holds("agents", agentCalls(), { most: 500, wrong: wrongOfAgent });
});

function signatureOf({ signature, name }: JobCall, body: string): Record<string, string> {
  if (signature === "none") return {};
  if (signature === "garbage") return { "upstash-signature": "eyJhbGciOiJub25lIn0.e30." };
  const keys: Partial<Record<JobCall["signature"], string>> = {
    next: signingKeys.next,
    "other key": "sig_of_another_queue",
  };
  const signed = {
    url: `${publicUrl}/jobs/${signature === "other job" ? "shared.tock" : name}`,
    body: Buffer.from(signature === "other body" ? `${body} ` : body),
    // The verifier's time is the real one.
    now: new Date(),
    id: "jwt_1",
  };
  return { "upstash-signature": signDelivery(keys[signature] ?? signingKeys.current, signed) };
}

async function wrongOfJob(call: JobCall): Promise<string[]> {
  const sides = sidesOf(call.caller);
  const body = resolve(call.body, call, sides);
  const isSigned = call.signature === "right" || call.signature === "next";
  w.neon.resetStats();
  const answer = await ask("jobs", call.path, {
    body,
    headers: { "content-type": "application/json", ...signatureOf(call, body) },
  });
  const asked = w.neon.stats().requests;
  await w.settled();
  // A job that a newer version may have: QStash shall come again.
  const isLater = answer.status === 503 && !jobNames.includes(call.name) && answer.text.includes('"job_unknown"');
  const refused = answer.status >= 400 && answer.status !== 489;
  return [
    ...generally(isLater ? { ...answer, status: 404 } : answer, sides),
    ...(isSigned ? [] : answer.status === 401 || answer.status === 413 ? [] : ["heard without a signature"]),
    ...(isSigned || asked === 0 ? [] : ["the database was asked for a stranger"]),
    ...(refused ? problemIn(answer) : []),
    ...(answer.status === 489 && answer.headers.get("upstash-nonretryable-error") !== "true"
      ? ["not said to be final"]
      : []),
    ...(answer.status < 400 && typeof JSON.parse(answer.text) !== "object" ? ["an answer that is no object"] : []),
  ];
}

test("deliveries of jobs, signed and not", { timeout: 120_000 }, async () => {
  await holds("jobs", jobCalls(), { most: 300, wrong: wrongOfJob });
});

test("they got as far as the verbs: things were done, refused and not found behind each door", () => {
  const { forms = {}, agents = {}, jobs = {} } = tally;
  expect(Object.keys(forms)).toEqual(expect.arrayContaining(["200", "303", "400", "403", "404", "415"]));
  expect(forms[200] ?? 0).toBeGreaterThan(20 * share);
  expect(agents[200] ?? 0).toBeGreaterThan(200 * share);
  expect(Object.keys(agents)).toEqual(expect.arrayContaining(["400", "401", "403"]));
  expect(jobs[200] ?? 0).toBeGreaterThan(80 * share);
  expect(Object.keys(jobs)).toEqual(expect.arrayContaining(["401", "489"]));
});
