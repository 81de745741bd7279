// The same questions of the same tenant while its neighbours grow twentyfold, and search right after a burst of new messages.
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { drain, MODEL } from "./embed/drain.ts";
import { addNeighbours, rowsIn } from "./growth/neighbours.ts";
import { type Caught, caught, explained, type Told } from "./growth/plans.ts";
import { KNOWN, openSupply } from "./ingest/supply.ts";
import { type BenchApp, bindings, openApp } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { openHttp, openSession, type Session } from "./kit/session.ts";
import { type Stage, vectorStages } from "./kit/stage.ts";
import { median } from "./kit/stats.ts";
import { figure, ms, print, type Row } from "./kit/table.ts";

const TENANTS = either({ quick: 3, normal: 10 });
const TIMES = 20;
const SAMPLES = either({ quick: 7, normal: 25 });
const BURST = either({ quick: 200, normal: 500 });

/** Every list of the API, and search. */
const PATHS = [
  "/v1/inbox/messages?limit=50",
  "/v1/inbox/conversations?limit=50",
  "/v1/people/contacts?limit=50",
  "/v1/shared/events?limit=50",
  "/v1/memory/status",
  "/v1/search?q=varmepumpe+radiator+leaking",
];

banner("growth: the same question when everything around it has grown");
for (const stage of await vectorStages()) await measure(stage).finally(stage.close);

async function measure(stage: Stage): Promise<void> {
  const bound = bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url });
  const app = openApp(bound, { embedder: { ...hashEmbedder, model: MODEL } });
  const ours = stage.direct ? await openSession(stage.direct.appUrl) : openHttp(stage.appUrl);
  const supply = await openSupply(stage, app, ours);
  const { tenant } = supply;
  await drain({ stage, app, tenant, ours, theirs: ours });
  await addNeighbours(stage, app, { model: tenant, count: TENANTS - 1 });
  const queries: Caught[] = [];
  for (const path of PATHS) queries.push(await caught(app, tenant, path));

  const small = await rowsIn(stage);
  const before = await all(ours, queries);
  await addNeighbours(stage, app, { model: tenant, count: TENANTS * (TIMES - 1) });
  const large = await rowsIn(stage);
  const after = await all(ours, queries);
  print({
    title: `${stage.label}: one tenant's queries among ${small} rows and among ${large}, database time`,
    columns: ["before", "after", "after / before"],
    rows: queries.map(({ name }, i) => growthRow(name, before[i], after[i])),
  });
  print({
    title: `${stage.label}: rows read for the rows answered, among ${large}`,
    columns: ["read", "answered"],
    rows: queries
      .filter(({ name }) => name.includes("limit="))
      .map(({ name }) => readRow(name, after[queries.findIndex((q) => q.name === name)])),
  });
  await burst({ stage, app, ours }, { supply, search: queries.at(-1) as Caught });
  await ours.close();
}

async function all(line: Session, queries: Caught[]): Promise<Told[]> {
  const found: Told[] = [];
  for (const query of queries) found.push(await sampled(line, query));
  return found;
}

/** The first two runs warm the caches. */
async function sampled(line: Session, query: Caught): Promise<Told> {
  const told: Told[] = [];
  for (let i = 0; i < SAMPLES + 2; i++) told.push(await explained(line, query));
  const [last] = told.slice(-1) as [Told];
  return { ...last, ms: median(told.slice(2).map((one) => one.ms)) };
}

function growthRow(what: string, before: Told | undefined, after: Told | undefined): Row {
  const ratio = (after?.ms ?? Number.NaN) / (before?.ms ?? Number.NaN);
  return {
    what,
    cells: [ms(before?.ms ?? Number.NaN), ms(after?.ms ?? Number.NaN), `${figure(ratio)}x`],
    value: ratio,
    unit: "x",
    goal: { name: "P12", atMost: 1.5 },
  };
}

function readRow(what: string, told: Told | undefined): Row {
  const { read = Number.NaN, returned = Number.NaN } = told ?? {};
  return {
    what,
    cells: [`${read}`, `${returned}`],
    value: read / returned,
    unit: " read per row",
    goal: { name: "P12", atMost: 10 },
  };
}

type Ground = { stage: Stage; app: BenchApp; ours: Session };
type Busy = { supply: Awaited<ReturnType<typeof openSupply>>; search: Caught };

/** New messages of all customers at once, then the next question, without a pause or a vacuum in between. */
async function burst({ stage, ours }: Ground, { supply, search }: Busy): Promise<void> {
  const quiet = await sampled(ours, search);
  const events = await supply.events(BURST);
  for (let at = 0; at < events.length; at += 100) await ours.together(supply.batch(events.slice(at, at + 100)));
  const first = await explained(ours, search);
  const next = await sampled(ours, search);
  const size = (KNOWN + BURST) / KNOWN;
  const ratio = next.ms / quiet.ms;
  print({
    title: `${stage.label}: search in a tenant of ${KNOWN} messages before and right after ${BURST} new ones`,
    columns: ["quiet", "the first after", "the next ones", "next / quiet"],
    rows: [
      {
        what: "search, database time",
        cells: [ms(quiet.ms), ms(first.ms), ms(next.ms), `${figure(ratio)}x`],
        value: ratio,
        unit: "x",
        goal: { name: "P12", atMost: 1.5 },
        note: `the tenant itself is ${figure(size)} times as large afterwards`,
      },
    ],
  });
}
