// CPU that the Worker spends on a webhook, with a database that answers at once, beside smaller receivers of the same webhook.
import { Agent, request as send } from "node:http";
import { build } from "esbuild";
import { BARE, HONO, VERIFY } from "./gateway/contestants.ts";
import { type Recording, record, replayCode } from "./gateway/replay.ts";
import { bindings, openApp, PUBLIC_URL } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { cpu, rounds } from "./kit/rounds.ts";
import { pgliteStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { ms, print, type Row, times } from "./kit/table.ts";
import { randomFrom } from "./kit/texts.ts";
import { talker, webhook } from "./kit/webhooks.ts";
import { bundleWorker, root } from "./kit/worker-bundle.ts";
import { startWorkerd, type Workerd } from "./kit/workerd.ts";

const ROUNDS = either({ quick: 4, normal: 12 });
const REQUESTS = either({ quick: 200, normal: 500 });
const AT_ONCE = 4;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

banner("gateway: CPU per webhook");
const stage = await pgliteStage();
const bound = bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url });
const recording = await record(stage, openApp(bound)).finally(stage.close);
await inProcess(recording);
await inWorkerd(recording);

/** Requests signed now; every one has a delivery of its own. */
function requests({ tenant }: Recording, count: number, base = PUBLIC_URL): Request[] {
  const talk = talker({ account: tenant.accountId, conversations: 5, random: randomFrom(5) });
  const sender = {
    url: `${base}/v1/hooks/chatwoot/${tenant.source.id}`,
    secret: tenant.source.secret,
    now: () => new Date(),
  };
  return Array.from({ length: count }, () => webhook(sender, talk.next()));
}

async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    conditions: ["workerd", "worker", "browser"],
  });
  return outputFiles[0]?.text ?? "";
}

type Handler = { fetch(request: Request, env?: unknown, context?: unknown): Response | Promise<Response> };

async function evaluated(source: string): Promise<Handler> {
  const code = await bundled(source);
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  return ((await import(url)) as { default: Handler }).default;
}

async function inProcess(recorded: Recording): Promise<void> {
  const env = { SECRET: recorded.tenant.source.secret };
  const [bare, hono, verify] = await Promise.all([BARE, HONO, VERIFY].map(evaluated));
  const app = openApp(bound);
  const real = globalThis.fetch;
  new Function(replayCode(recorded))();
  try {
    const measure = (take: (request: Request) => Response | Promise<Response> | undefined) => async () => {
      const asked = requests(recorded, REQUESTS);
      const spent = await cpu(async () => {
        for (const one of asked) await expectOk(await take(one));
      });
      return spent / REQUESTS;
    };
    const found = await rounds(
      {
        bare: measure((one) => bare?.fetch(one)),
        hono: measure((one) => hono?.fetch(one, env)),
        verify: measure((one) => verify?.fetch(one, env)),
        app: measure((one) => app.fetch(one)),
      },
      { rounds: ROUNDS, warmup: 3 },
    );
    print({
      title: `in this process (Node), ${REQUESTS} webhooks a round, ${ROUNDS} rounds`,
      columns: ["CPU", "of a bare handler"],
      rows: table(found),
    });
  } finally {
    globalThis.fetch = real;
  }
}

async function expectOk(answer: Response | undefined): Promise<void> {
  if (answer?.status !== 200) throw new Error(`answered ${answer?.status}: ${await answer?.text()}`);
  await answer.arrayBuffer();
}

async function inWorkerd(recorded: Recording): Promise<void> {
  const { code } = await bundleWorker();
  const env = { SECRET: recorded.tenant.source.secret };
  const workers = {
    bare: await startWorkerd(BARE, env),
    hono: await startWorkerd(await bundled(HONO), env),
    verify: await startWorkerd(await bundled(VERIFY), env),
    app: await startWorkerd(`${replayCode(recorded)}\n${code}`, bound),
  };
  try {
    const measure = (worker: Workerd) => () => load(worker, requests(recorded, REQUESTS, worker.url));
    const found = await rounds(
      {
        bare: measure(workers.bare),
        hono: measure(workers.hono),
        verify: measure(workers.verify),
        app: measure(workers.app),
      },
      { rounds: ROUNDS, warmup: 3 },
    );
    const rows = table(found);
    const ratio = pairedRatio(found.app, found.bare).ratio;
    Object.assign(rows.at(-1) as Row, { value: ratio, unit: "x", goal: { name: "P9", atMost: 2.5 } });
    print({
      title: `in workerd, over HTTP on loopback, ${REQUESTS} webhooks a round, ${ROUNDS} rounds; CPU of the workerd process`,
      columns: ["CPU", "of a bare handler"],
      rows,
    });
  } finally {
    await Promise.all(Object.values(workers).map((worker) => worker.close()));
  }
}

/** CPU of the worker's process per request. */
async function load(worker: Workerd, asked: Request[]): Promise<number> {
  const posts = await Promise.all(
    asked.map(async (one) => ({
      url: one.url,
      headers: Object.fromEntries(one.headers),
      body: Buffer.from(await one.arrayBuffer()),
    })),
  );
  const before = await worker.cpu();
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let post = posts.pop(); post; post = posts.pop()) await deliver(post);
  });
  await Promise.all(lanes);
  return ((await worker.cpu()) - before) / asked.length;
}

type Post = { url: string; headers: Record<string, string>; body: Buffer };

function deliver({ url, headers, body }: Post): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method: "POST", agent, headers: { ...headers, "content-length": body.length } });
    outgoing.on("error", reject);
    outgoing.on("response", (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
      answer.on("end", resolve);
      answer.resume();
    });
    outgoing.end(body);
  });
}

function table(found: Record<"bare" | "hono" | "verify" | "app", number[]>): Row[] {
  const row = (what: string, samples: number[]): Row => ({
    what,
    cells: [ms(median(samples)), times(pairedRatio(samples, found.bare))],
  });
  return [
    row("a bare handler", found.bare),
    row("a bare Hono route", found.hono),
    row("Hono, signature and JSON.parse", found.verify),
    row("the app", found.app),
  ];
}
