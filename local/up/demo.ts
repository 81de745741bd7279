/** The demo arrives: webhooks through the door, then the wait until everything said is remembered. */
import { setTimeout as wait } from "node:timers/promises";
import type { Retelling } from "../business/retelling.ts";
import { askCanaries, plantFloor } from "./floor.ts";
import { plantKnown } from "./known.ts";
import { plantPlanner } from "./planner.ts";
import { type Refused, replay } from "./replay.ts";
import type { Demo, Installed } from "./state.ts";
import type { Terminal } from "./terminal.ts";

export type DemoStage = {
  story: Retelling;
  demo: Demo;
  save(): void;
  installed: Installed;
  url: string;
  hook: string;
  terminal: Terminal;
  signal: AbortSignal;
};

const POLL_MS = 1_000;
/** Without any progress for so long nobody is helped by waiting on. */
const PATIENCE_MS = 60_000;

/** Resolves when the demo is complete, or when nothing more can be done for it. */
export async function playDemo(stage: DemoStage): Promise<void> {
  const { story, demo, installed, url, signal } = stage;
  const isTold = demo.next >= story.webhooks.length && demo.failed.length === 0;
  if (isTold && installed.floor?.planted && installed.planner && installed.known) return;
  if (!isTold) await tell(stage);
  if (!signal.aborted) await furnish(stage);
  if (!signal.aborted) await plan(stage);
  if (!signal.aborted) await know(stage);
  if (!signal.aborted) await remembered(stage);
  if (!signal.aborted) await askCanaries(installed.apiKey, { url, signal });
}

/** Jobs are for people whom the conversations have told of, so they come after those. */
async function furnish({ installed, save, url, terminal, signal }: DemoStage): Promise<void> {
  installed.floor ??= { startedAt: new Date().toISOString(), planted: false };
  save();
  const { apiKey, floor } = installed;
  const began = performance.now();
  const refused = await plantFloor({ url, apiKey, floor, save, signal });
  if (signal.aborted) return;
  const rest = refused === null ? "" : ` Refused: ${refused}.`;
  terminal.say(`  technicians, jobs, appointments and knowledge are there after ${seconds(began)}.${rest}`);
}

/** What is refused is told and tried again by the next start. */
async function plan({ installed, save, url, terminal, signal }: DemoStage): Promise<void> {
  if (installed.planner) return;
  const refused = await plantPlanner({ url, apiKey: installed.apiKey, signal });
  if (signal.aborted) return;
  if (refused !== null) return terminal.say(`  the owner's planner is not filled: ${refused}.`);
  installed.planner = true;
  save();
  terminal.say("  the owner's planner is filled: /console/today.");
}

/** People are known under their records, so it comes after the conversations. */
async function know({ installed, save, url, terminal, signal }: DemoStage): Promise<void> {
  if (installed.known) return;
  const refused = await plantKnown({ url, apiKey: installed.apiKey, signal });
  if (signal.aborted) return;
  if (refused !== null) return terminal.say(`  what the firm knows is not written down: ${refused}.`);
  installed.known = true;
  save();
  terminal.say("  what the firm knows is written down: /console/world.");
}

async function tell(stage: DemoStage): Promise<void> {
  const { story, demo, terminal, signal } = stage;
  const total = story.webhooks.length;
  const began = performance.now();
  const bar = terminal.bar({ label: "demo data", total });
  const refused = await replay({
    webhooks: story.webhooks,
    hook: stage.hook,
    secret: stage.installed.source.secret,
    demo,
    save: stage.save,
    progress: (done) => bar.update(done, "webhooks"),
    signal,
  });
  if (signal.aborted) return bar.end(`demo data: ${demo.next} of ${total} webhooks sent; the next start goes on.`);
  const { conversations } = story.account;
  const told = `${story.messages} messages in ${conversations.size} conversations`;
  bar.end(`demo data: ${told} arrived as ${total - demo.failed.length} webhooks in ${seconds(began)}.`);
  if (refused.size > 0) terminal.say(`  ${count(refused)}; the next start tries them again.`);
}

function count(refused: Refused): string {
  const reasons = [...refused].map(([reason, times]) => `${times} × ${reason}`);
  return `Not accepted: ${reasons.join(", ")}`;
}

type Memory = { chunks: number; pending: number; processing: number; ready: number; failed: number };

/** Follows the embedding until nothing waits. */
async function remembered({ terminal, url, installed, signal }: DemoStage): Promise<void> {
  const began = performance.now();
  let memory = await ask(url, installed.apiKey);
  const bar = terminal.bar({ label: "remembering", total: memory?.chunks ?? 0 });
  let moved = performance.now();
  while (memory !== null && memory.pending + memory.processing > 0 && !signal.aborted) {
    if (performance.now() - moved > PATIENCE_MS) break;
    bar.update(memory.ready, "passages embedded");
    await wait(POLL_MS, null, { signal }).catch(() => {});
    const next = await ask(url, installed.apiKey);
    if (next !== null && next.ready !== memory.ready) moved = performance.now();
    memory = next ?? memory;
  }
  if (memory === null || signal.aborted) return bar.end("remembering goes on in the background.");
  const left = memory.pending + memory.processing;
  const rest = [left > 0 ? `${left} still waiting` : "", memory.failed > 0 ? `${memory.failed} failed` : ""];
  const state = [`${memory.ready} passages embedded`, ...rest.filter((part) => part !== "")].join(", ");
  bar.end(`remembered: ${state} (${seconds(began)} after the last webhook).`);
}

async function ask(url: string, apiKey: string): Promise<Memory | null> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/v1/memory/status`, { headers }).catch(() => null);
  return response?.ok ? ((await response.json()) as Memory) : null;
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
