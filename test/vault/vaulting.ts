// A world with places that documents come from: sources are bound by REST, and what was published is delivered until all is quiet.

import { startDrive } from "#local/documents/gdrive.ts";
import { startGithub } from "#local/documents/github.ts";
import { startNotion } from "#local/documents/notion.ts";
import { documents } from "#providers/documents.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type Tenant, type WorldOptions, world } from "#test/kit/world.ts";

export const notionToken = "ntn_local_0123456789";
export const driveToken = "ya29.local-0123456789";
export const hookSecret = "a-secret-that-github-knows";

export type Bound = { id: string; hook: string | null };
export type Sync = {
  status: string;
  document_count: number;
  changed: number;
  removed: number;
  error_message: string | null;
  next_try_at: string | null;
  last_sync_at: string | null;
};

export async function vaultWorld(options: WorldOptions & { account?: { email: string; publicKey: string } } = {}) {
  const embedder = scriptedEmbedder();
  const { account, ...rest } = options;
  const w = await world({ embedder: embedder.port, ...rest });
  const github = await startGithub({ now: w.clock.now });
  const notion = await startNotion({ token: notionToken });
  const drive = await startDrive({ token: driveToken, ...(account ? { account } : {}) });
  w.runtime.ports.documents = documents({
    github: github.url,
    notion: notion.url,
    google: drive.url,
    googleToken: drive.tokenUrl,
    now: w.clock.now,
  });
  let posts = 0;

  async function post(path: string, json: unknown, tenant: Tenant = w.a) {
    posts += 1;
    const answer = await w.fetch(path, { key: tenant.apiKey, json, headers: { "idempotency-key": `vault-${posts}` } });
    const body = (await answer.json()) as Record<string, unknown>;
    await w.settled();
    return { status: answer.status, body };
  }

  async function get<T>(path: string, tenant: Tenant = w.a): Promise<T> {
    return (await (await w.fetch(path, { key: tenant.apiKey })).json()) as T;
  }

  /** Delivers what is published, and what that publishes, whenever it is due. */
  async function quiet(): Promise<void> {
    for (let turn = 0; turn < 60 && w.queue.published.length > 0; turn++) {
      const answers = await deliverPublished(w);
      const odd = answers.filter(({ status }) => status >= 400);
      if (odd.length > 0)
        throw new Error(
          JSON.stringify([
            odd,
            w.lines.filter((line) => "error" in line || "stack" in line || line["level"]).slice(-3),
          ]),
        );
    }
  }

  async function bind(given: Record<string, unknown>, tenant: Tenant = w.a): Promise<Bound> {
    const { status, body } = await post("/v1/vault/sources", given, tenant);
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as Bound;
  }

  return {
    ...w,
    w,
    github,
    notion,
    drive,
    embedder,
    post,
    get,
    quiet,
    bind,
    /** Asks for a sync and delivers everything. */
    sync: async (source: Bound, tenant: Tenant = w.a) => {
      await post(`/v1/vault/sources/${source.id}/sync`, {}, tenant);
      await quiet();
    },
    status: (source: Bound, tenant: Tenant = w.a) => get<Sync>(`/v1/vault/sources/${source.id}/sync`, tenant),
    /** One delivery of the job. */
    job: async (source: Bound, tenant: Tenant = w.a) => {
      const answer = await deliver(w, "vault.sync", { project: tenant.project, source: source.id });
      return { status: answer.status, body: (await answer.json()) as { outcome: string; steps: number } };
    },
    /** Texts embedded since the last time. */
    embedded: () => embedder.calls.splice(0).flat(),
    close: async () => {
      await Promise.all([github.close(), notion.close(), drive.close()]);
    },
  };
}

export type VaultWorld = Awaited<ReturnType<typeof vaultWorld>>;
