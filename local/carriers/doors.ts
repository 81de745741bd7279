/** The carriers' side doors: passing a call on to another stand-in, and telling the next ones how to fail. */
import type { Answer, Asked } from "../loopback.ts";
import { type Fault, jsonIn, PROVIDERS, type Provider, type Troubles } from "./desk.ts";

/** Of one connection only, or made anew for the next (RFC 9110 §7.6.1). */
const OWN = new Set(["host", "connection", "content-length", "transfer-encoding", "keep-alive", "accept-encoding"]);

export async function passOn(to: string | undefined, { asked, url }: { asked: Asked; url: URL }): Promise<Answer> {
  if (to === undefined) return { status: 404, json: { error: "Nobody is behind this address." } };
  const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !OWN.has(name)));
  const answer = await fetch(`${to}${url.pathname}${url.search}`, {
    method: asked.method,
    headers,
    redirect: "manual",
    ...(asked.method === "GET" ? {} : { body: Uint8Array.from(asked.body) }),
  });
  const type = answer.headers.get("content-type");
  return {
    status: answer.status,
    ...(type === null ? {} : { headers: { "content-type": type } }),
    bytes: new Uint8Array(await answer.arrayBuffer()),
  };
}

const KINDS = ["answer", "drop", "lose", "hang", "late"];

/** `{"provider": "twilio", "fault": {"kind": "answer", "status": 503}, "times": 2}`; without a fault nothing fails any more. */
export function setFaults(troubles: Troubles, body: Buffer): Answer {
  const { provider, fault, times = 1 } = jsonIn(body) as { provider?: string; fault?: Fault; times?: number };
  if (fault === undefined) {
    troubles.ok();
    return { status: 200, json: { faults: 0 } };
  }
  if (!PROVIDERS.includes(provider as Provider) || !KINDS.includes(fault.kind))
    return {
      status: 400,
      json: { error: `Name a provider (${PROVIDERS.join(", ")}) and a kind (${KINDS.join(", ")}).` },
    };
  troubles.next(provider as Provider, ...Array.from({ length: times }, () => fault));
  return { status: 200, json: { faults: times } };
}
