/** The state of things: memory with its failures, the ledger's tail. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { listFailedPassages, status as memoryStatus, retry } from "#brain/memory/index.ts";
import { listEvents } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { MemoryState } from "./bar.tsx";
import { answerParts } from "./document.tsx";
import { filterIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { LedgerLines, LedgerPage, type LedgerView } from "./ledger-page.tsx";
import { Headline, MemoryBody, MemoryPage, type MemoryView } from "./memory-page.tsx";
import { seatOf } from "./seat.ts";
import { isLive, listed, liveAddress, turnedTo } from "./turning.ts";

export async function memoryPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [memory, failed] = await together(ctx, [
    [memoryStatus, {}],
    [listFailedPassages, { limit: 25, ...(await turnedTo(c, "failed")) }],
  ]);
  const seat = seatOf(ctx, memory);
  const view: MemoryView = {
    seat,
    status: memory,
    failed: await listed(c, "failed", failed),
    mayRetry: seat.permissions.includes("shared:operate"),
  };
  if (isLive(c)) {
    const parts = (
      <>
        <MemoryState memory={memory} />
        <Headline status={memory} />
        <MemoryBody view={view} />
      </>
    );
    return answerParts(c, parts);
  }
  const live = c.req.query("failed") ? {} : { live: liveAddress(c) };
  return answerFramed(c, { seat, place: "memory", title: "Memory", body: <MemoryPage view={view} />, ...live });
}

export async function retryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const { retried } = await retry.run(await writer(c, form), {});
  return seeOther(c, await withNote(c, "/console/memory", { code: "retried", count: retried }));
}

export async function ledgerPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const kind = filterIn(c, "kind");
  const request = filterIn(c, "request");
  const filter = { ...(kind ? { kind } : {}), ...(request ? { request } : {}) };
  const [lines, memory] = await together(ctx, [
    [listEvents, { limit: 50, ...filter, ...(await turnedTo(c, "lines")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: LedgerView = { seat, kind, request, lines: await listed(c, "lines", lines) };
  if (isLive(c)) {
    const parts = (
      <>
        {memory ? <MemoryState memory={memory} /> : null}
        <LedgerLines view={view} />
      </>
    );
    return answerParts(c, parts);
  }
  const live = c.req.query("lines") ? {} : { live: liveAddress(c) };
  return answerFramed(c, { seat, place: "ledger", title: "Ledger", body: <LedgerPage view={view} />, ...live });
}
