/** The list of one's summaries as a page: all, or weeks, days, sessions. */
import type { Context } from "hono";
import { listSummaries } from "#brain/assistant/index.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { seatOf } from "./seat.ts";
import { SummariesPage } from "./summaries-view.tsx";
import { listed, turnedTo } from "./turning.ts";

const types = ["session", "daily", "weekly"] as const;

export async function summariesPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const type = types.find((one) => one === filterIn(c, "type"));
  const [found, memory] = await together(ctx, [
    [listSummaries, { limit: 25, ...(type ? { type } : {}), ...(await turnedTo(c, "summaries")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, type, summaries: await listed(c, "summaries", found) };
  return answerFramed(c, { seat, place: "today", title: "Summaries", body: <SummariesPage view={view} /> });
}
