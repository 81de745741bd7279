// Offers through the API: written, moved on with the version that was read, refused.
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { caller } from "#test/field/floor.ts";
import type { World } from "#test/kit/world.ts";
import { dispatchDue } from "#test/outbound/customer.ts";

type Json = Record<string, unknown>;

export type OfferSeen = {
  id: string;
  number: number;
  version: number;
  title: string;
  state: string;
  account: { id: string } | null;
  contact: { id: string } | null;
  review: { was: string; reason: string } | null;
  list_minor: number;
  net_minor: number;
  vat_minor: number;
  total_minor: number;
  items: { description: string; stale: string | null; fact: string | null; evidence: { version: number } | null }[];
  approvals: { kind: string; audit_event: string; dropped_because: string | null }[];
  message: { id: string; state: string } | null;
};

export function offering(w: World) {
  const office = caller(w, w.a.apiKey);
  const post = async ({ id, version }: OfferSeen, act: string, json: Json = {}) =>
    office(`/v1/crm/offers/${id}/${act}`, { version, ...json });

  async function patch({ id, version }: OfferSeen, json: Json) {
    const answer = await w.fetch(`/v1/crm/offers/${id}`, {
      method: "PATCH",
      key: w.a.apiKey,
      json: { version, ...json },
      headers: { "idempotency-key": `"${randomUUID()}"` },
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  }

  return {
    office,
    post,
    patch,
    write: async (json: Json): Promise<OfferSeen> => {
      const { status, body } = await office("/v1/crm/offers", { title: "An offer", currency: "DKK", ...json });
      if (status === 500) throw new Error(JSON.stringify(w.lines.slice(-3)));
      expect([status, body["code"]]).toEqual([201, undefined]);
      return body as OfferSeen;
    },
    edit: async (offer: OfferSeen, json: Json): Promise<OfferSeen> => {
      const { status, body } = await patch(offer, json);
      expect([status, body["code"]]).toEqual([200, undefined]);
      return body as OfferSeen;
    },
    move: async (offer: OfferSeen, act: string, json: Json = {}): Promise<OfferSeen> => {
      const { status, body } = await post(offer, act, json);
      expect([act, status, body["code"]]).toEqual([act, 200, undefined]);
      return body as OfferSeen;
    },
    refused: async (offer: OfferSeen, act: string, json: Json = {}) => {
      const { status, body } = await post(offer, act, json);
      return [status, body["code"]];
    },
    get: async ({ id }: OfferSeen) => (await office(`/v1/crm/offers/${id}`)).body as OfferSeen,
    list: async (query: string) => (await office(`/v1/crm/offers?${query}`)).body["data"] as OfferSeen[],
    /** Its message is approved, sent, and leaves. */
    letOut: async ({ message }: OfferSeen) => {
      const place = `/v1/outbound/messages/${message?.id}`;
      const { version } = (await office(place)).body;
      expect((await office(`${place}/approve`, { version })).status).toBe(200);
      expect((await office(`${place}/send`, {})).status).toBe(200);
      await dispatchDue(w, w.a);
    },
  };
}
