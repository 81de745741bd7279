/** Resend's door: what became of our mails, and the news of customers' mails, whose words a job fetches. */
import { verifyStandard } from "../signatures.ts";
import {
  type Call,
  jsonOf,
  kept,
  objectIn,
  type ProviderDoor,
  providerDoor,
  report,
  type Said,
  textIn,
} from "./provider.ts";

const statuses: Readonly<Record<string, "scheduled" | "sent" | "delivered" | "failed">> = {
  "email.scheduled": "scheduled",
  "email.sent": "sent",
  "email.delivered": "delivered",
  "email.bounced": "failed",
  "email.failed": "failed",
  "email.suppressed": "failed",
};

const bare = (id: string | null) => id?.trim().replace(/^<|>$/g, "") || null;

/** Tags come as a list of names and values, or as one object. */
function refIn(data: Record<string, unknown>): string | null {
  const tags = data["tags"];
  if (!Array.isArray(tags)) return textIn(objectIn(tags)["omneuro_ref"]);
  return textIn(tags.map(objectIn).find((tag) => tag["name"] === "omneuro_ref")?.["value"]);
}

function outcomeOf(type: string, data: Record<string, unknown>): Said | undefined {
  const id = textIn(data["email_id"]);
  const status = statuses[type] ?? null;
  const isComplaint = type === "email.complained";
  if (!id || (!status && !isComplaint)) return undefined;
  const bounce = textIn(objectIn(data["bounce"])["type"])?.toLowerCase() ?? "undetermined";
  const isHard = (type === "email.bounced" && bounce === "permanent") || type === "email.suppressed";
  const code =
    type === "email.bounced" ? `resend_bounced_${bounce}` : status === "failed" ? `resend_${type.split(".")[1]}` : null;
  const suppress = isComplaint ? ("complaint" as const) : isHard ? ("bounce" as const) : null;
  const said = { id, ref: refIn(data)?.slice(0, 64) ?? null, status, code: code?.slice(0, 100) ?? null, suppress };
  return { heard: [], reports: [report({ ...said, mail_id: bare(textIn(data["message_id"])) })] };
}

/** Resend's own list of addresses it sends nothing to. */
function listedOf(data: Record<string, unknown>, delivery: string): Said | undefined {
  const address = textIn(data["email"]);
  if (!address) return undefined;
  const isComplaint = data["origin"] === "complaint";
  return { heard: [], reports: [report({ id: delivery, address, suppress: isComplaint ? "complaint" : "bounce" })] };
}

function read(call: Call): Said {
  const body = jsonOf(call.body);
  const data = objectIn(body["data"]);
  const type = textIn(body["type"]) ?? "unnamed";
  const delivery = call.header("svix-id") ?? null;
  if (type === "email.received" && textIn(data["email_id"]))
    return {
      heard: [{ delivery: `mail:${textIn(data["email_id"])}`, event: type, message: null, awaits: true, raw: data }],
      reports: [],
    };
  const said = type === "suppression.added" ? listedOf(data, delivery ?? "listed") : outcomeOf(type, data);
  return said ?? kept(delivery, type, body);
}

export const resendDoor: ProviderDoor = {
  provider: "resend",
  kind: "email_domain",
  limit: 256 * 1024,
  prove: (call, secret) =>
    verifyStandard(
      {
        body: call.body,
        id: call.header("svix-id"),
        timestamp: call.header("svix-timestamp"),
        signature: call.header("svix-signature"),
      },
      { secret, now: call.now },
    ),
  read,
};

export const receiveResend = providerDoor(resendDoor);
