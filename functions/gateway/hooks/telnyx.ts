/** Telnyx's door: customers' SMS, and what became of ours, in one stream of events that come up to six times and out of order. */
import { verifyTelnyx } from "../signatures.ts";
import {
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

const statuses: Readonly<Record<string, "queued" | "sending" | "sent" | "delivered" | "failed">> = {
  queued: "queued",
  sending: "sending",
  sent: "sent",
  delivered: "delivered",
  sending_failed: "failed",
  delivery_failed: "failed",
  // The carrier says no more: it left, and that is all that will be known.
  delivery_unconfirmed: "sent",
};

/** Blocked by STOP; not routable or a landline. */
const refusedCodes = new Set(["40300"]);
const invalidCodes = new Set(["40001"]);

type Payload = Record<string, unknown>;

function statusOf(payload: Payload, ref: string | null): Said | undefined {
  const [to] = listIn(payload["to"]);
  const status = statuses[textIn(to?.["status"]) ?? ""];
  const id = textIn(payload["id"]);
  if (!status || !id) return undefined;
  const code = idIn(listIn(payload["errors"])[0]?.["code"]);
  const isFailed = status === "failed";
  const isRefused = isFailed && code !== null && refusedCodes.has(code);
  const suppress = isRefused
    ? ("provider" as const)
    : isFailed && code !== null && invalidCodes.has(code)
      ? ("invalid" as const)
      : null;
  const said = isFailed && code !== null ? `telnyx_${code}` : null;
  return { heard: [], reports: [report({ id, ref, status: isRefused ? "refused" : status, code: said, suppress })] };
}

function smsOf(payload: Payload, { event, now }: { event: string; now: Date }): Said | undefined {
  const id = textIn(payload["id"]);
  const from = textIn(objectIn(payload["from"])["phone_number"]);
  const to = textIn(listIn(payload["to"])[0]?.["phone_number"]) ?? "";
  if (!id || !from) return undefined;
  const at = Date.parse(textIn(payload["received_at"]) ?? "");
  const message = {
    channel: "sms" as const,
    address: from,
    name: null,
    to: { kind: "telnyx_number", account: to },
    providerMessageId: id,
    subject: null,
    body: textIn(payload["text"]) ?? "",
    cutAt: null,
    attachments: listIn(payload["media"]).map((file) => ({
      name: null,
      type: textIn(file["content_type"]),
      bytes: typeof file["size"] === "number" ? file["size"] : null,
      url: textIn(file["url"]),
    })),
    mailId: null,
    refs: [],
    tag: null,
    automatic: false,
    ts: (Number.isFinite(at) ? new Date(at) : now).toISOString(),
    editedAt: null,
    meta: { provider_id: id, to },
  };
  return { heard: [{ delivery: event, event: "message.received", message, raw: null }], reports: [] };
}

export const telnyxDoor: ProviderDoor = {
  provider: "telnyx",
  kind: "telnyx_number",
  limit: 256 * 1024,
  prove: (call, secret) =>
    verifyTelnyx(
      {
        body: call.body,
        timestamp: call.header("telnyx-timestamp"),
        signature: call.header("telnyx-signature-ed25519"),
      },
      { publicKey: secret, now: call.now },
    ),
  read: (call) => {
    const data = objectIn(jsonOf(call.body)["data"]);
    const payload = objectIn(data["payload"]);
    const event = textIn(data["id"]) ?? "";
    const type = textIn(data["event_type"]) ?? "";
    const said =
      type === "message.received"
        ? smsOf(payload, { event: event || `sms:${textIn(payload["id"])}`, now: call.now })
        : /^message\.(sent|finalized)$/.test(type)
          ? statusOf(payload, call.ref)
          : undefined;
    return said ?? kept(event || null, type || "unnamed", data);
  },
};

export const receiveTelnyx = providerDoor(telnyxDoor);
