// A project that can write to its owner by e-mail, and the job that does.
import { credentialsPlace } from "#brain/outbound/index.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type Tenant, tenant, testSecrets, type World } from "#test/kit/world.ts";

/** A project whose owner has a proven address, and a sender for e-mail. */
export async function mailHouse(w: World, name: string, email: string): Promise<Tenant> {
  const made = await tenant(w.neon, name);
  await w.neon.query("update shared.users set email = $2, email_verified_at = now() where id = $1", [made.user, email]);
  const id = `snd_${name}_${process.pid}`;
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, $3, 'resend', 'email', 'Workshop', $4, $5)`,
    [
      made.project,
      made.accountScope,
      id,
      `hej@${name}.example`,
      await testSecrets.seal("{}", credentialsPlace({ id, project: made.project })),
    ],
  );
  return made;
}

/** The job at this moment, and all that it hands to the queue. */
export async function runAt(w: World, at: string, who: Pick<Tenant, "project">): Promise<unknown> {
  w.clock.set(at);
  const answer = await deliver(w, "assistant.rhythm.send", { project: who.project });
  for (let i = 0; i < 3 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
  return answer.json();
}
