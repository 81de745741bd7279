// Search in tenants of several sizes: how much of the exact answer it finds, and what it costs beside an exact scan.
import { bindings, newTenant, openApp, type Tenant } from "./kit/app.ts";
import { banner, either, full } from "./kit/options.ts";
import { elapsed, rounds } from "./kit/rounds.ts";
import { openHttp, openSession } from "./kit/session.ts";
import { type Stage, vectorStages } from "./kit/stage.ts";
import { median, pairedRatio, percentile } from "./kit/stats.ts";
import { figure, ms, print, type Row, times } from "./kit/table.ts";
import { questionText, randomFrom, vocabulary } from "./kit/texts.ts";
import { vectorText } from "./kit/vectors.ts";
import { fill, openPool, type Pool, questionVector } from "./search/corpus.ts";
import { exact, fused, type Lines, least, meaning, type Question, words } from "./search/ways.ts";

const SIZES = [150, 1000, ...either({ quick: [], normal: [15_000] }), ...(full ? [100_000] : [])];
const QUESTIONS = either({ quick: 10, normal: 40 });
/** Rows up to which all vectors are compared; where half-precision arithmetic is slow, signs choose earlier. */
const EXACT_LIMIT = { PGlite: 150, server: 2500 };

type Found = Record<"exact" | "least" | "meaning" | "words" | "fused", number[]>;
type Measured = { size: number; scan: boolean; recall: number; short: number; found: Found; worst: number[] };

banner("search: recall and latency by size of the tenant");
const medians = new Map<string, Map<number, number>>();
for (const stage of await vectorStages()) await measure(stage).finally(stage.close);
if (medians.size > 1) compare();

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const [ours, theirs] = stage.direct
    ? [await openSession(stage.direct.appUrl), await openSession(stage.direct.ownerUrl)]
    : [openHttp(stage.appUrl), openHttp(stage.neon.connectionString("postgres"))];
  const pool = await openPool(stage);
  const tenants: { tenant: Tenant; size: number }[] = [];
  const limit = stage.direct ? EXACT_LIMIT.server : EXACT_LIMIT.PGlite;
  for (const size of SIZES) {
    const tenant = await newTenant(stage, app.runtime, `search-${size}`);
    const took = await elapsed(() => fill(stage, tenant, { from: 0, count: size }));
    await stage.neon.query("update memory.corpus set exact_limit = $2 where project_id = $1", [tenant.project, limit]);
    console.log(`${stage.label}: ${size} passages made in ${figure(took / 1000)} s`);
    tenants.push({ tenant, size });
  }
  await stage.neon.maintain();
  const measured: Measured[] = [];
  for (const { tenant, size } of tenants)
    measured.push(await ask({ ours, theirs }, { tenant, size, scan: size <= limit, pool }));
  show(stage, measured);
  medians.set(
    stage.direct ? "server" : "PGlite",
    new Map(measured.map(({ size, found }) => [size, median(found.fused)])),
  );
  await Promise.all([ours.close(), theirs.close()]);
}

type Asked = { tenant: Tenant; size: number; scan: boolean; pool: Pool };

async function ask(lines: Lines, { tenant, size, scan, pool }: Asked): Promise<Measured> {
  const random = randomFrom(size);
  const questions: Question[] = Array.from({ length: QUESTIONS + 3 }, () => ({
    text: questionText(random),
    vector: vectorText(questionVector(pool, random)),
  }));
  const hits: number[] = [];
  let short = 0;
  const timed =
    (way: (lines: Lines, tenant: Tenant, q: Question & { scan: boolean }) => Promise<string[]>) => (round: number) =>
      elapsed(() => way(lines, tenant, { ...(questions[round] as Question), scan }));
  const found = await rounds(
    { exact: timed(exact), least: timed(least), meaning: timed(meaning), words: timed(words), fused: timed(fused) },
    { rounds: QUESTIONS, warmup: 3 },
  );
  for (const question of questions) {
    const truth = await exact(lines, tenant, question);
    const said = await meaning(lines, tenant, question);
    hits.push(truth.filter((id) => said.includes(id)).length / truth.length);
    if (said.length < truth.length) short += 1;
  }
  // Twelve of the commonest words, which hardly any passage lacks.
  const hardest = vocabulary.english.slice(0, 24).join(" ");
  const worst = await rounds(
    { worst: (round) => elapsed(() => fused(lines, tenant, { ...(questions[round] as Question), text: hardest })) },
    { rounds: Math.min(10, QUESTIONS) },
  );
  return {
    size,
    scan,
    recall: hits.reduce((sum, hit) => sum + hit, 0) / hits.length,
    short,
    found,
    worst: worst.worst,
  };
}

function show(stage: Stage, measured: Measured[]): void {
  const size = ({ size: n, scan }: Measured) => `${n} passages, ${scan ? "all compared" : "signs first"}`;
  print({
    title: `${stage.label}: the ten nearest by meaning, against an exact float32 scan`,
    columns: ["recall@10", "short answers"],
    rows: measured.map((of) => ({
      what: size(of),
      cells: [figure(of.recall), `${of.short}`],
      value: of.short > 0 ? 0 : of.recall,
      goal: { name: "P1", atLeast: 0.98 },
    })),
  });
  print({
    title: `${stage.label}: by meaning alone, median of ${QUESTIONS} questions${stage.direct ? "" : ", HTTP and all"}`,
    columns: ["search", "p95", "bare statement", "exact float32", "exact / search", "search / bare"],
    rows: measured.flatMap((of) => speedRows(size(of), of)),
  });
  print({
    title: `${stage.label}: words and meaning fused in one statement, row security on`,
    columns: ["words", "meaning", "fused", "p95", "fused / legs", "24 common words"],
    rows: measured.map((of) => fusedRow(size(of), of)),
  });
}

function speedRows(what: string, { found }: Measured): Row[] {
  const over = pairedRatio(found.meaning, found.least);
  const tail = percentile(found.meaning, 0.95) / median(found.meaning);
  const cells = [median(found.meaning), percentile(found.meaning, 0.95), median(found.least), median(found.exact)].map(
    ms,
  );
  const faster = times(pairedRatio(found.exact, found.meaning));
  return [
    { what, cells: [...cells, faster, times(over)], value: over.ratio, unit: "x", goal: { name: "P2", atMost: 1.25 } },
    {
      what: "  its p95 in medians",
      cells: [`${figure(tail)}x`],
      value: tail,
      unit: "x",
      goal: { name: "P2", atMost: 3 },
    },
  ];
}

function fusedRow(what: string, { found, worst }: Measured): Row {
  const both = found.words.map((value, i) => value + (found.meaning[i] ?? 0));
  const cells = [median(found.words), median(found.meaning), median(found.fused), percentile(found.fused, 0.95)].map(
    ms,
  );
  return { what, cells: [...cells, times(pairedRatio(found.fused, both)), ms(median(worst))] };
}

function compare(): void {
  const [pglite, server] = [medians.get("PGlite"), medians.get("server")];
  const rows = SIZES.map((size) => {
    const ratio = (pglite?.get(size) ?? Number.NaN) / (server?.get(size) ?? Number.NaN);
    return {
      what: `${size} passages`,
      cells: [`${figure(ratio)}x`],
      value: ratio,
      unit: "x",
      goal: { name: "P13", atMost: 4 },
    };
  });
  print({ title: "PGlite beside the server, fused search", columns: ["slower"], rows });
}
