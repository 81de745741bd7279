/** Files in an R2 bucket, through the Worker's own binding: no account's key, and no address of the bucket for anybody. */
import { type Objects, ProviderFailure } from "#brain/kernel/ports.ts";

/** What of an R2 bucket is used here. */
export type Bucket = {
  put(key: string, bytes: Uint8Array<ArrayBuffer>, how: { httpMetadata: { contentType: string } }): Promise<unknown>;
  get(key: string): Promise<{
    body: ReadableStream<Uint8Array>;
    size: number;
    httpMetadata?: { contentType?: string };
  } | null>;
  delete(keys: string[]): Promise<void>;
};

export const isBucket = (binding: unknown): binding is Bucket =>
  typeof binding === "object" && binding !== null && "put" in binding && "get" in binding && "delete" in binding;

const failed = (cause: unknown) => new ProviderFailure("objects_unavailable", { retryable: true, cause });

export const objects = (bucket: Bucket): Objects => ({
  async put(key, { bytes, type }) {
    await bucket.put(key, bytes, { httpMetadata: { contentType: type } }).catch((error: unknown) => {
      throw failed(error);
    });
  },
  async get(key) {
    const found = await bucket.get(key).catch((error: unknown) => {
      throw failed(error);
    });
    if (!found) return null;
    const type = found.httpMetadata?.contentType ?? "application/octet-stream";
    return { body: found.body, size: found.size, type };
  },
  async remove(keys) {
    if (keys.length === 0) return;
    await bucket.delete(keys).catch((error: unknown) => {
      throw failed(error);
    });
  },
});
