// A bucket in memory that can be looked into and broken, instead of R2.
import type { Bucket } from "#providers/objects.ts";

export function memoryBucket() {
  const held = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>();
  const broken = new Set<"put" | "get" | "delete">();
  const check = (act: "put" | "get" | "delete") => {
    if (broken.has(act)) throw new Error(`the bucket refuses to ${act}`);
  };
  const bucket: Bucket = {
    put: async (key, bytes, how) => {
      check("put");
      held.set(key, { bytes, type: how.httpMetadata.contentType });
    },
    get: async (key) => {
      check("get");
      const found = held.get(key);
      if (!found) return null;
      const body = new Response(found.bytes).body as ReadableStream<Uint8Array>;
      return { body, size: found.bytes.length, httpMetadata: { contentType: found.type } };
    },
    delete: async (keys) => {
      check("delete");
      for (const key of keys) held.delete(key);
    },
  };
  return { bucket, held, broken };
}
