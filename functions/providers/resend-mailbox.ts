/** Mail that Resend received: its raw form by the receiving API, then from the address that the answer names for a while. */
import * as z from "zod/v4";
import type { Mailbox } from "#brain/kernel/mailbox.ts";
import { ProviderFailure } from "#brain/kernel/ports.ts";

export type ResendMailboxSettings = {
  /** Base; Resend's own unless a stand-in is meant. */
  url?: string;
  /** More than this is not read. */
  longest: number;
  timeoutMs?: number;
};

const patienceMs = 20_000;

const Received = () => z.object({ raw: z.object({ download_url: z.url() }) });

export function resendMailbox(settings: ResendMailboxSettings): Mailbox {
  const base = (settings.url ?? "https://api.resend.com").replace(/\/$/, "");
  return {
    read: async (token, id) => {
      const told = await get(settings, `${base}/emails/receiving/${encodeURIComponent(id)}`, {
        authorization: `Bearer ${token}`,
      });
      if (!told) return undefined;
      const read = Received().safeParse(await told.json().catch(() => undefined));
      if (!read.success) throw new ProviderFailure("resend_answer_unreadable", { retryable: true });
      const address = new URL(read.data.raw.download_url);
      // The address is signed and needs no token; in the clear it is taken from the stand-in only.
      if (address.protocol !== "https:" && address.origin !== new URL(base).origin)
        throw new ProviderFailure("resend_download_refused", { retryable: false });
      const mail = await get(settings, address.href, {});
      return mail && bytesOf(mail, settings.longest);
    },
  };
}

async function get(
  settings: ResendMailboxSettings,
  url: string,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(settings.timeoutMs ?? patienceMs);
  const response = await fetch(url, { headers, signal, redirect: "manual" }).catch((thrown: unknown) => {
    const isLate = thrown instanceof Error && thrown.name === "TimeoutError";
    throw new ProviderFailure(isLate ? "resend_timeout" : "resend_unreachable", { retryable: true });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return undefined;
  const retryAfterSeconds = Number(response.headers.get("retry-after")) || undefined;
  throw new ProviderFailure(`resend_${response.status}`, {
    retryable: response.status === 429 || response.status >= 500,
    retryAfterSeconds,
  });
}

/** A byte more than the limit is enough to know that it is too long. */
async function bytesOf(response: Response, longest: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done && size <= longest; next = await reader?.read()) {
    parts.push(next.value as Uint8Array<ArrayBuffer>);
    size += next.value.length;
  }
  await reader?.cancel();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
