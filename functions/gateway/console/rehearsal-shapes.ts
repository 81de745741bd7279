/** What the verbs of rehearsals tell the console, by name. */
import type * as z from "zod/v4";
import type { getSession, listEntities, listFactProposals, listSessions, replayTurn } from "#brain/world/index.ts";

type Told<V extends { output: () => z.ZodType }> = z.output<ReturnType<V["output"]>>;

export type Rehearsal = Told<typeof getSession>;
export type RehearsalTurn = Rehearsal["turns"][number];
export type Rebuilt = Told<typeof replayTurn>;
export type RehearsalRow = Told<typeof listSessions>["data"][number];
export type CameUpRow = Told<typeof listFactProposals>["data"][number];
export type EntityChoice = Pick<Told<typeof listEntities>["data"][number], "id" | "name">;
