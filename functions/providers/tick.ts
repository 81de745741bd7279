/** The one schedule of an installation: every quarter of an hour QStash asks what has been left lying. */
import type { Client } from "@upstash/qstash";
import { jobUrl, letterJob } from "#brain/kernel/job-url.ts";

export const tickId = "omneuro-tick";
export const tickCron = "*/15 * * * *";

/** Registers the tick under a fixed id, so that doing it at every start and deploy changes nothing. */
export async function ensureTick(client: Client, publicUrl: string): Promise<void> {
  await client.schedules.create({
    scheduleId: tickId,
    destination: jobUrl(publicUrl, "shared.tick"),
    cron: tickCron,
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
    retries: 1,
    failureCallback: jobUrl(publicUrl, letterJob),
  });
}
