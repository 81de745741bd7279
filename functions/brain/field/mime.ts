/** A raw mail (RFC 5322, MIME) taken apart. */
import PostalMime, { type Address } from "postal-mime";
import type { Mail } from "./mail.ts";

const addressesOf = (list: Address[] | undefined): { address: string; name: string | null }[] =>
  (list ?? []).flatMap((one) =>
    one.group ? addressesOf(one.group) : one.address ? [{ address: one.address, name: one.name || null }] : [],
  );

/** `id`: the provider's name of it. `also`: addresses that only the envelope knows. */
export async function mailOf(raw: Uint8Array<ArrayBuffer>, given: { id: string; also: string[] }): Promise<Mail> {
  const read = await PostalMime.parse(raw, { maxNestingDepth: 20, maxHeadersSize: 1024 * 1024 });
  const [from] = addressesOf(read.from ? [read.from] : []);
  return {
    id: given.id,
    from: from ?? { address: "unknown", name: null },
    to: [...given.also, ...addressesOf([...(read.to ?? []), ...(read.cc ?? [])]).map(({ address }) => address)],
    subject: read.subject ?? null,
    text: read.text ?? null,
    html: read.html ?? null,
    date: read.date ?? null,
    headers: read.headers.map(({ key, value }) => ({ name: key, value })),
    attachments: read.attachments.map((file) => ({
      name: file.filename,
      type: file.mimeType,
      bytes: typeof file.content === "string" ? file.content.length : file.content.byteLength,
      url: null,
    })),
  };
}
