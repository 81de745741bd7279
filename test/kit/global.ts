// Before all projects: the migrated snapshot, so that two workers do not both build it.
import { ensureSnapshot } from "./snapshot.ts";

export async function setup(): Promise<void> {
  await ensureSnapshot();
}
