// Every job there is, met by strangers and by broken messages: generated from the registry, as the routes are.
import { beforeAll, describe, expect, test } from "vitest";
import { registry } from "#brain/registry.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
});

const jobs = registry.filter((verb) => verb.doors.includes("job")).map((verb) => [verb.name, verb] as const);

describe.each(jobs)("the job %s", (name, verb) => {
  test("an unsigned or forged call is refused, and the database is not asked", async () => {
    w.neon.resetStats();
    const body = JSON.stringify({ project: w.a.project });
    for (const headers of [{}, { "upstash-signature": "a.b.c" }, { authorization: `Bearer ${w.a.apiKey}` }]) {
      const answer = await w.fetch(`/jobs/${name}`, { method: "POST", headers, body });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    }
    expect(w.neon.stats().requests).toBe(0);
  });

  test("a message without a project, or of one that is nowhere, is final and changes nothing", async () => {
    if (verb.scope !== "project") return;
    for (const project of ["", "not-a-project", "00000000-0000-7000-8000-000000000000"]) {
      const answer = await deliver(w, name, { project });
      expect([answer.status, answer.headers.get("upstash-nonretryable-error")]).toEqual([489, "true"]);
      expect(await answer.text()).not.toMatch(/node_modules|\bat [A-Za-z.]+ \(|SQLSTATE/);
    }
  });

  test("it runs for a project in which there is nothing to do", async () => {
    const answer = await deliver(w, name, verb.scope === "project" ? { project: w.b.project } : {});
    expect([answer.status, await answer.json()]).toEqual([200, expect.any(Object)]);
  });
});

test("verbs without a job door have none, and REST has no way to a job", async () => {
  for (const verb of registry.filter((verb) => !verb.doors.includes("job"))) {
    expect([verb.name, (await deliver(w, verb.name, { project: w.a.project })).status]).toEqual([verb.name, 503]);
  }
  for (const [name] of jobs) {
    const answer = await w.fetch(`/v1/${name.replaceAll(".", "/")}`, { method: "POST", key: w.a.apiKey, json: {} });
    expect([name, answer.status < 500 && answer.status >= 400]).toEqual([name, true]);
  }
});
