/** The demo's documents: a repository on the stand-in for GitHub, bound through the API like anybody's. */
import { HANDBOOK } from "../business/data/handbook.ts";

type Stage = { url: string; apiKey: string };

/** Bound at the first start; later ones are told that it is. Null, or why it could not be bound. */
export async function bindHandbook({ url, apiKey }: Stage): Promise<string | null> {
  const response = await fetch(`${url}/v1/vault/sources`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      "idempotency-key": "the-demo-handbook",
    },
    // Opening hours, warranty and prices: what may be told to anybody.
    body: JSON.stringify({ source: "github", repository: HANDBOOK, name: "Handbook", visibility: "public" }),
  }).catch((error: unknown) => error);
  if (!(response instanceof Response)) return String(response);
  await response.arrayBuffer();
  return response.ok || response.status === 409 ? null : `status ${response.status}`;
}
