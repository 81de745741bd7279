/** Those who run the system: keys and secrets change while work is under way; the audit chain holds. */
import { createHash } from "node:crypto";
import { desks } from "./inbox.ts";
import type { Area, Sim, SimTenant } from "./sim.ts";

export function operators(sim: Sim): Area {
  let rings = 1;
  let signings = 0;
  let rotations = 0;

  const rotateSecret = (tenant: SimTenant) => {
    if (!sim.faults.strikes("rotation.webhook_secret", 0.4)) return;
    rotations += 1;
    const desk = desks.get(sim)?.find((one) => one.tenant === tenant);
    const secret = `webhook-secret-${sim.seed}-${rotations}`;
    const inChatwoot = () => {
      sim.secrets.set(tenant, secret);
      if (desk) desk.secret = secret;
    };
    // Some change it there first, some here.
    const isFirst = sim.rng.chance(0.5);
    if (isFirst) inChatwoot();
    post(sim, tenant, { path: `/v1/identity/sources/${tenant.source.id}/rotate-secret`, body: { secret } }, () => {
      if (!isFirst) inChatwoot();
    });
  };

  const rotateRing = () => {
    if (!sim.faults.strikes("rotation.sealing_keys", 0.4)) return;
    rings += 1;
    const key = createHash("sha256").update(`ring ${rings}`).digest("base64");
    sim.isolates.deploy({ ring: `k${rings}:${key},${sim.isolates.current.ring}` });
    sim.trace("rotation.sealing_keys");
  };

  const rotateSigning = () => {
    if (!sim.faults.strikes("rotation.signing_keys", 0.4)) return;
    signings += 1;
    const { current, next } = sim.isolates.current.signingKeys;
    sim.qstash.key = next;
    sim.isolates.deploy({ signingKeys: { current: next, next: `sig_simulated_${signings}` } });
    sim.trace(`rotation.signing_keys: ${current} is no more`);
  };

  return {
    name: "operators",
    moves: () => [
      ...sim.tenants.flatMap((tenant) => [
        { weight: 0.25, run: () => rotateSecret(tenant) },
        {
          weight: rings > 1 ? 0.3 : 0,
          run: () => post(sim, tenant, { path: "/v1/identity/secrets/rewrap", body: {} }),
        },
      ]),
      { weight: 0.2, run: rotateRing },
      { weight: 0.2, run: rotateSigning },
    ],
    atRest: async () => {
      const broken: string[] = [];
      for (const tenant of sim.tenants) broken.push(...(await chain(sim, tenant)));
      return broken;
    },
  };
}

type Posted = { path: string; body: Record<string, unknown> };

function post(sim: Sim, tenant: SimTenant, { path, body }: Posted, done: () => void = () => {}): void {
  const headers = {
    authorization: `Bearer ${tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": `operator-${sim.rng.below(1e9)}`,
  };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  sim.ask(`${tenant.word} operates ${path}`, { path, init }, done);
}

/** I8. */
async function chain(sim: Sim, tenant: SimTenant): Promise<string[]> {
  const verdict = await ask(sim, tenant, "/v1/shared/audit/verify");
  return verdict["ok"] === true
    ? []
    : [`I8: the audit chain of ${tenant.word} does not verify: ${JSON.stringify(verdict)}`];
}

/** At rest, with nothing else under way. */
async function ask(sim: Sim, tenant: SimTenant, path: string): Promise<Record<string, unknown>> {
  let said: string | undefined;
  const init = { headers: { authorization: `Bearer ${tenant.apiKey}` } };
  sim.ask(`${tenant.word} verifies`, { path, init }, (answer) => {
    said = answer?.body;
  });
  await sim.engine.idle();
  for (let [effect] = sim.engine.pending; effect; [effect] = sim.engine.pending) await sim.engine.perform(effect);
  return JSON.parse(said ?? "{}") as Record<string, unknown>;
}
