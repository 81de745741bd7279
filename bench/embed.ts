// From waiting text to vector: the queue beside a bare write, what a vector costs, and how few wake-ups do.
import { backlog, type Drain, drain, drainRate } from "./embed/drain.ts";
import { vectorSide } from "./embed/vector-side.ts";
import { wakeUps } from "./embed/wake-ups.ts";
import { bindings, newTenant, openApp } from "./kit/app.ts";
import { banner } from "./kit/options.ts";
import { openHttp, openSession, type Session } from "./kit/session.ts";
import { type Stage, vectorStages } from "./kit/stage.ts";
import { figure, print, type Row } from "./kit/table.ts";

banner("embed: from waiting text to vector");
for (const stage of await vectorStages()) await measure(stage).finally(stage.close);

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "embed");
  const [ours, theirs] = await lines(stage);
  const of: Drain = { stage, app, tenant, ours, theirs };
  // First, while no vector has been written over: what was once there still takes room.
  print({
    title: `${stage.label}: a passage's vector side`,
    columns: ["ours", "with HNSW", "HNSW / ours (quartiles)"],
    rows: await vectorSide(of),
  });
  print({
    title: `${stage.label}: a backlog in batches of 100, ${stage.direct ? "own connections" : "through the local endpoint"}`,
    columns: ["queue", "write-only", "of write-only (quartiles)"],
    rows: [await drainRate(of), ...(await statements(of))],
  });
  await Promise.all([ours.close(), theirs.close()]);
  print({ title: `${stage.label}: wake-ups, in real time`, columns: [""], rows: await wakeUps(stage) });
}

async function lines(stage: Stage): Promise<[Session, Session]> {
  if (stage.direct) return [await openSession(stage.direct.appUrl), await openSession(stage.direct.ownerUrl)];
  return [openHttp(stage.appUrl), openHttp(stage.neon.connectionString("postgres"))];
}

/** Counted by the endpoint, so through the driver on every stage. */
async function statements(of: Drain): Promise<Row[]> {
  const rows = 1000;
  await backlog(of, rows);
  of.stage.neon.resetStats();
  const done = await drain({ ...of, ours: openHttp(of.stage.appUrl) });
  const stats = of.stage.neon.stats();
  const entries = stats.requests;
  const own = (stats.statements - entries) / done.length;
  return [
    {
      what: "statements per row",
      cells: [figure(own)],
      value: own,
      goal: { name: "P8", atMost: 0.03 },
      note: `beside the one enter() of each request: ${figure(stats.statements / done.length)} with them, ${figure(entries / done.length)} requests`,
    },
  ];
}
