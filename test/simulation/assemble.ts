/** The world of one seed before its first step: two tenants, their isolates, ports that can fail, and the areas that take part. */
// Loaded with the first message that is read otherwise: reading files is nothing that an engine can wait for.
import "#brain/world/extract/model.ts";
import "#brain/world/extract/rules.ts";
import { createHash } from "node:crypto";
import { makeIds } from "#brain/kernel/ids.ts";
import { install } from "#db/bootstrap.ts";
import { createApp } from "#functions/app.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { publicUrl, signingKeys } from "#test/kit/world.ts";
import { areas } from "./areas.ts";
import { carrierPort } from "./carrier.ts";
import { Engine } from "./engine.ts";
import { type Focus, makeFaults } from "./faults.ts";
import type { Asking, House } from "./house.ts";
import { makeIsolates } from "./isolates.ts";
import { chatwootPort, officeToken, officeUrl, openOffice } from "./office.ts";
import { databaseDoor, embedderPort, modelPort, queuePort, type Straggler } from "./outside.ts";
import { Qstash } from "./qstash.ts";
import { type Rng, rngOf } from "./rng.ts";
import type { Area, AreaOf, Sim, SimTenant } from "./sim.ts";

export type Options = {
  house: House;
  steps?: number;
  areas?: readonly AreaOf[];
  focus?: Focus;
};

const start = Date.parse("2026-11-15T08:00:00.000Z");
const words = ["nordvarme", "sydklima"] as const;
export const firstRing = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
/** Weights of a task's effects among all that may happen next: of each world one row, so that in some requests pile up. */
const paces = [[0.2, 2, 4, 8], [0.2, 8], [0.6]] as const;

export class Broken extends Error {
  readonly broken: string[];
  constructor(broken: string[]) {
    super(broken.join("; "));
    this.broken = broken;
  }
}

export const assertWhole = (broken: string[]): void => {
  if (broken.length > 0) throw new Broken(broken);
};

type Wanted = { rng: Rng; word: string; connected: boolean };

async function tenantOf(house: House, { rng, word, connected }: Wanted): Promise<SimTenant> {
  const clock = { now: () => new Date(start), fixed: () => new Date(start).toISOString() };
  const ids = makeIds(clock, (count) => rng.bytes(count));
  const accountId = word === words[0] ? 1 : 2;
  const installed = await install({ query: house.query, exec: house.exec }, secretsFrom(firstRing), {
    scopeKey: word,
    projectName: word,
    owner: { username: word, passwordHash: "none" },
    chatwoot: { accountId: String(accountId), ...(connected ? { apiUrl: officeUrl, apiToken: officeToken } : {}) },
    ids,
  });
  // Made by the database at random otherwise.
  const hmacKey = `\\x${Buffer.from(rng.bytes(32)).toString("hex")}`;
  await house.query("update identity.projects set hmac_key = $2::bytea where id = $1", [installed.project, hmacKey]);
  return { ...installed, accountId, username: word, readKey: "", word };
}

export type Parts = {
  sim: Sim;
  accused: string[];
  areas: Area[];
  focus: Focus | undefined;
  stragglers: Straggler[];
  lines: string[];
  counted: { effects: number; writes: number };
};

/** Everybody and everything, before the first step. */
export async function assemble(
  seed: number,
  { house, areas: wanted = areas, focus }: Options,
): Promise<Parts & { restore(): void }> {
  const rng = rngOf(`seed ${seed}`);
  const lines: string[] = [];
  const counted = { effects: 0, writes: 0 };
  const stragglers: Straggler[] = [];
  const engine = new Engine(() => sim.time);
  const faults = makeFaults(rng.fork("faults"), focus);
  const trace = (line: string) => void lines.push(line);
  const qstash = new Qstash(start, signingKeys.current);
  const present: Area[] = [];
  const accused: string[] = [];
  const around = {
    engine,
    faults,
    rng: rng.fork("outside"),
    trace,
    stragglers,
    atDatabase: (asking: Asking) => watched({ present, accused }, asking),
    accept: (message: Parameters<Qstash["accept"]>[0]) => qstash.accept(message, sim.time),
    passTime: (ms: number) => {
      sim.time += ms;
    },
  };
  const direct = house.redirect(databaseDoor(around));
  const restore = () => {
    direct();
    engine.close();
  };
  const drawn: readonly number[] = rng.pick(paces);
  const pace = focus?.crowded ? paces[2] : drawn;
  const hasModel = rng.chance(0.9) && !focus?.modelless;
  const now = () => sim.time;
  const office = focus?.office ? openOffice({ accountId: words.length, rng: rng.fork("account"), now }) : undefined;
  const network = focus?.outbound ? { taken: [], reports: [] } : undefined;
  const isolates = makeIsolates({
    rng: rng.fork("isolates"),
    now,
    db: house.db(),
    ports: {
      queue: queuePort(around),
      embedder: embedderPort(around),
      ...(office ? { chatwoot: chatwootPort({ ...around, now }, office) } : {}),
      ...(network ? { carriers: { twilio: carrierPort({ ...around, now, network }) } } : {}),
      ...(hasModel ? { language: modelPort(around) } : {}),
    },
    deployed: { ring: firstRing, signingKeys },
    log: () => {},
  });
  const app = createApp((bindings) => bindings["runtime"] as Runtime);
  const accuse = (broken: string) => void accused.push(broken);
  const constant = { seed, rng, faults, engine, house, isolates, qstash, app, trace, accuse, ask, office, network };
  const sim: Sim = { ...constant, time: start, tenants: [], secrets: new Map() };

  function ask(label: string, { path, init }: { path: string; init: RequestInit }, heard: Parameters<Sim["ask"]>[2]) {
    const isolate = rng.pick(isolates.all);
    trace(`${label} begins in isolate ${isolate.number}`);
    const told = (line: string) => trace(`${label} → ${line}`);
    engine.spawn(
      { label, isolate: isolate.number, pace: rng.pick(pace) },
      async (waitUntil) => {
        const context = { waitUntil, passThroughOnException: () => {}, props: {} };
        const answer = await app.fetch(new Request(`${publicUrl}${path}`, init), { runtime: isolate.runtime }, context);
        return { status: answer.status, body: await answer.text() };
      },
      {
        ended: (answer) => {
          // Roots of the audit chain hash transaction numbers, which go on counting from seed to seed.
          const said = answer.body.replaceAll(/"root":"[0-9a-f]+"/g, "");
          told(`${answer.status} ${createHash("sha256").update(said).digest("hex").slice(0, 8)}`);
          heard(answer);
        },
        abandoned: () => {
          told("no answer");
          heard(undefined);
        },
      },
    );
  }

  await house.wipe();
  await house.query("select set_config('app.now', $1, false)", [new Date(start).toISOString()]);
  for (const word of words) {
    const connected = office !== undefined && word === words.at(-1);
    sim.tenants = [...sim.tenants, await tenantOf(house, { rng: rng.fork(word), word, connected })];
  }
  await house.query("select set_config('app.now', '', false)");
  present.push(...wanted.map((areaOf) => areaOf(sim)));
  return { sim, accused, areas: present, focus, stragglers, lines, counted, restore };
}

/** What a look finds is told beside the answer: thrown, it would be the app's to catch. */
async function watched(
  { present, accused }: { present: Area[]; accused: string[] },
  asking: Asking,
): Promise<Response> {
  const looks = [];
  for (const area of present) looks.push(await area.watch?.(asking.request));
  const answer = await asking.answer();
  for (const look of looks) accused.push(...((await look?.()) ?? []));
  return answer;
}
