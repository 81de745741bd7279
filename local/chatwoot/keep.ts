/** Keeps an account in a file between two runs, so that ids seen by others are never given to something else. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { AccountRows } from "./account.ts";
import type { Office } from "./office.ts";
import type { Subscription } from "./webhooks.ts";

type Kept = { rows: AccountRows; subscriptions: Subscription[] };

/** A replayed story of hundreds of messages is written a few times, not hundreds. */
const DELAY_MS = 300;

export function keep(office: Office, file: string): { flush(): void } {
  if (existsSync(file)) {
    const { rows, subscriptions } = deserialize(readFileSync(file)) as Kept;
    office.account.restore(rows);
    for (const known of subscriptions) office.webhooks.subscriptions.set(known.id, known);
  }
  mkdirSync(dirname(file), { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  office.webhooks.onEvent = () => {
    timer ??= setTimeout(flush, DELAY_MS);
  };
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const kept: Kept = { rows: office.account.rows(), subscriptions: [...office.webhooks.subscriptions.values()] };
    writeFileSync(`${file}.new`, serialize(kept), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return { flush };
}
