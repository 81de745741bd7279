/** Postmark's door: customers' mails whole, and what became of ours. Postmark signs nothing: Basic credentials in the address prove it. */
import { type Header, incomingOf } from "#brain/field/index.ts";
import { verifyBasic } from "../signatures.ts";
import {
  type Call,
  idIn,
  jsonOf,
  kept,
  listIn,
  objectIn,
  type ProviderDoor,
  providerDoor,
  report,
  type Said,
  textIn,
} from "./provider.ts";

type Json = Record<string, unknown>;

/** postmarkapp.com/developer/api/bounce-api#bounce-types */
const hard = new Set([1, 100_000, 100_006]);
const complaints = new Set([512, 100_001]);
const unsubscribes = new Set([16]);
/** Still trying, an answering machine, somebody's address confirmed: it did not fail. */
const harmless = new Set([2, 32, 64, 128, 256]);

const refOf = (body: Json) => textIn(objectIn(body["Metadata"])["omneuro_ref"])?.slice(0, 64) ?? null;

function bounceOf(body: Json, id: string): Said | undefined {
  const type = Number(body["TypeCode"]);
  if (harmless.has(type) && body["Inactive"] !== true) return undefined;
  const suppress = complaints.has(type)
    ? "complaint"
    : unsubscribes.has(type)
      ? "provider"
      : hard.has(type) || body["Inactive"] === true
        ? "bounce"
        : null;
  const status = suppress === "complaint" ? null : suppress === "provider" ? "refused" : "failed";
  const said = { id, ref: refOf(body), status, code: status && `postmark_${type}`, suppress } as const;
  return { heard: [], reports: [report(said)] };
}

function listedOf(body: Json): Said | undefined {
  const address = textIn(body["Recipient"]);
  if (!address || body["SuppressSending"] !== true) return undefined;
  const reason = textIn(body["SuppressionReason"]);
  const suppress = reason === "SpamComplaint" ? "complaint" : reason === "HardBounce" ? "bounce" : "provider";
  const id = textIn(body["MessageID"]) || `listed:${address}`;
  return { heard: [], reports: [report({ id, address, suppress })] };
}

function outcomeOf(type: string, body: Json): Said | undefined {
  const id = textIn(body["MessageID"]) ?? "";
  if (type === "SubscriptionChange") return listedOf(body);
  if (id === "") return undefined;
  if (type === "Delivery")
    return { heard: [], reports: [report({ id, ref: refOf(body), status: "delivered", mail_id: `${id}@mtasv.net` })] };
  if (type === "SpamComplaint")
    return { heard: [], reports: [report({ id, ref: refOf(body), suppress: "complaint" })] };
  return type === "Bounce" ? bounceOf(body, id) : undefined;
}

function mailOf(body: Json, { now, domain }: { now: Date; domain: string }): Said | undefined {
  const id = textIn(body["MessageID"]);
  const from = objectIn(body["FromFull"]);
  if (!id) return undefined;
  const headers: Header[] = listIn(body["Headers"]).map((header) => ({
    name: textIn(header["Name"]) ?? "",
    value: textIn(header["Value"]) ?? "",
  }));
  const to = [...listIn(body["ToFull"]), ...listIn(body["CcFull"])].map((one) => textIn(one["Email"]) ?? "");
  const message = incomingOf(
    {
      id,
      from: { address: textIn(from["Email"]) ?? textIn(body["From"]) ?? "unknown", name: textIn(from["Name"]) || null },
      to: [textIn(body["OriginalRecipient"]) ?? "", ...to].filter((one) => one !== ""),
      subject: textIn(body["Subject"]),
      text: textIn(body["TextBody"]),
      html: textIn(body["HtmlBody"]),
      date: textIn(body["Date"]),
      headers,
      attachments: listIn(body["Attachments"]).map((file) => ({
        name: textIn(file["Name"]),
        type: textIn(file["ContentType"]),
        bytes: typeof file["ContentLength"] === "number" ? file["ContentLength"] : null,
        url: null,
      })),
    },
    { now, domain },
  );
  return { heard: [{ delivery: `mail:${id}`, event: "inbound", message, raw: null }], reports: [] };
}

/** Files are named, not kept: they have no place in a text that is stored because nobody understood it. */
const withoutFiles = (body: Json): Json =>
  body["Attachments"] === undefined
    ? body
    : { ...body, Attachments: listIn(body["Attachments"]).map(({ Content: _, ...file }) => file) };

function read(call: Call, domain: string): Said {
  const body = jsonOf(call.body);
  const type = textIn(body["RecordType"]);
  const said = type === null || type === "Inbound" ? mailOf(body, { now: call.now, domain }) : outcomeOf(type, body);
  const id = idIn(body["ID"]);
  return said ?? kept(id ? `${type}:${id}` : null, type ?? "unnamed", withoutFiles(body));
}

export const postmarkDoor: ProviderDoor = {
  provider: "postmark",
  kind: "email_domain",
  // 35 MB of mail in base64, and room for what is said about it.
  limit: 50 * 1024 * 1024,
  prove: async (call, secret) => verifyBasic(call.header("authorization"), secret),
  read: (call, source) => read(call, source.account),
};

export const receivePostmark = providerDoor(postmarkDoor);
