// Taking in webhooks: inbox.ingest() beside a naive transaction of eight statements, what it writes, and how often it asks.
import { batches, duplicates, type Lines, singles } from "./ingest/speed.ts";
import { openSupply } from "./ingest/supply.ts";
import { duplicateWrites, textSide, walPerEvent } from "./ingest/writes.ts";
import { type BenchApp, bindings, newTenant, openApp } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { openHttp, openSession } from "./kit/session.ts";
import { pgliteStage, type Stage, serverStage } from "./kit/stage.ts";
import { print, type Row } from "./kit/table.ts";
import { randomFrom } from "./kit/texts.ts";
import { talker } from "./kit/webhooks.ts";

const FEW = either({ quick: 5, normal: 20 });

banner("ingest: taking in webhooks");
await onServer();
await onPglite();

async function onServer(): Promise<void> {
  const stage = await serverStage();
  const direct = stage.direct;
  if (!direct) throw new Error("a server has URLs of its own");
  const ours = await openSession(direct.appUrl);
  const theirs = await openSession(direct.ownerUrl);
  try {
    const app = appOn(stage);
    const lines: Lines = { ours, theirs, supply: await openSupply(stage, app, ours) };
    await speed(stage, lines);
    await writes(stage, lines);
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
    await stage.close();
  }
}

async function speed(stage: Stage, lines: Lines): Promise<void> {
  const rows = [
    await singles(lines, { distance: 0, events: FEW, atLeast: 2 }),
    await singles(lines, { distance: 2, events: FEW, atLeast: 4 }),
    await singles(lines, { distance: 10, events: 5, atLeast: 6.5 }),
    await batches(lines),
    ...(await duplicates(lines)),
  ];
  print({
    title: `${stage.label}: time per event; ingest under row security, triggers and keys, naive as owner`,
    columns: ["ingest", "naive", "naive / ingest (quartiles)", "server's CPU", "naive", "ratio"],
    rows,
  });
}

async function writes(stage: Stage, lines: Lines): Promise<void> {
  print({
    title: `${stage.label}: write-ahead log per event`,
    columns: ["ingest", "naive", "tuples"],
    rows: [...(await walPerEvent(lines)), await duplicateWrites(lines)],
  });
  print({
    title: `${stage.label}: a passage's text side, database time`,
    columns: ["time", "log"],
    rows: await textSide(lines),
  });
}

async function onPglite(): Promise<void> {
  const stage = await pgliteStage();
  try {
    const app = appOn(stage);
    const ours = openHttp(stage.appUrl);
    const theirs = openHttp(stage.neon.connectionString("postgres"));
    const lines: Lines = { ours, theirs, supply: await openSupply(stage, app, ours) };
    print({
      title: `${stage.label} through the local endpoint, HTTP and all: one request against eight`,
      columns: ["ingest", "naive", "naive / ingest (quartiles)"],
      rows: [await singles(lines, { distance: 0, events: FEW })],
    });
    print({
      title: `${stage.label}: requests to the database, counted by the endpoint`,
      columns: ["requests"],
      rows: await requests(stage, app),
    });
  } finally {
    await stage.close();
  }
}

/** The whole way in, as the endpoint counts it: nothing but the answer, then what follows it. */
async function requests(stage: Stage, app: BenchApp): Promise<Row[]> {
  const tenant = await newTenant(stage, app.runtime, "requests");
  const talk = talker({ account: tenant.accountId, conversations: 3, random: randomFrom(2) });
  const counted = async (body = talk.next(), delivery?: string): Promise<number> => {
    stage.neon.resetStats();
    const answer = await app.hear(tenant, body, delivery);
    const said = /requests=(\d+)/.exec(answer.headers.get("server-timing") ?? "")?.[1];
    return Number(said);
  };
  const first = await counted();
  await app.settled();
  const warm = Math.max(...[await counted(), await counted(), await counted()]);
  const body = talk.next();
  await counted(body, "11111111-1111-4111-8111-111111111111");
  const repeat = await counted(body, "11111111-1111-4111-8111-111111111111");
  const goal = { name: "P5", atMost: 1 } as const;
  return [
    { what: "an isolate's first sight of the source", cells: [`${first}`] },
    { what: "a webhook on a warm isolate", cells: [`${warm}`], value: warm, goal },
    { what: "a duplicate", cells: [`${repeat}`], value: repeat, goal },
  ];
}

function appOn(stage: Stage): BenchApp {
  const bound = bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url });
  return openApp(bound);
}
