// Sending what is due: our queue beside pg-boss and graphile-worker on one Postgres, each with a worker and a scripted carrier.
import { banner, either } from "./kit/options.ts";
import { rounds } from "./kit/rounds.ts";
import { serverStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { figure, ms, print, type Row, times } from "./kit/table.ts";
import { appOn, type Contest, type Name, openContest, type Spent, type Turn } from "./outbound/contestants.ts";

const ROUNDS = either({ quick: 2, normal: 7 });
const PEOPLE = either({ quick: 100, normal: 500 });

banner("outbound: sending what is due");
const stage = await serverStage();
const contest = await openContest(stage, appOn(stage), PEOPLE);
try {
  for (const { turn, atLeast } of [
    { turn: { count: either({ quick: 100, normal: 500 }), batch: 50, distance: 0 }, atLeast: 2.5 },
    { turn: { count: either({ quick: 50, normal: 100 }), batch: 1, distance: 0 }, atLeast: 3 },
    { turn: { count: either({ quick: 50, normal: 100 }), batch: 50, distance: 2 } },
    { turn: { count: either({ quick: 10, normal: 20 }), batch: 1, distance: 2 } },
  ])
    await compare(contest, turn, atLeast);
} finally {
  await contest.close();
  await stage.close();
}

async function compare({ take }: Contest, turn: Turn, atLeast?: number): Promise<void> {
  const names = Object.keys(take) as Name[];
  const spent = Object.fromEntries(names.map((name) => [name, [] as Spent[]])) as Record<Name, Spent[]>;
  const entries = names.map((name) => [
    name,
    async (round: number) => {
      const one = await take[name](turn);
      if (round > 0) spent[name].push(one);
      return one.ms;
    },
  ]);
  const found = await rounds(Object.fromEntries(entries), { rounds: ROUNDS });
  const row = (name: Name): Row => {
    const ratio = pairedRatio(found[name] ?? [], found["ours"] ?? []);
    const cells = [
      figure(1000 / median(found[name] ?? [])),
      figure(median(spent[name].map(({ requests }) => requests))),
      ms(median(spent[name].map(({ cpu }) => cpu))),
      name === "ours" ? "" : times(ratio),
    ];
    if (name !== "boss checked" || atLeast === undefined) return { what: name, cells };
    return { what: name, cells, value: ratio.ratio, unit: "x", goal: { name: "P7", atLeast } };
  };
  const far = turn.distance > 0 ? `, ${turn.distance} ms a round trip` : "";
  print({
    title: `${stage.label}: ${turn.count} messages, batches of ${turn.batch}${far}`,
    columns: ["messages/s", "requests a message", "server's CPU", "time / ours (quartiles)"],
    rows: names.map(row),
  });
}
