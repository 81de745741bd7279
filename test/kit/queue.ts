// A queue that keeps what was published instead of delivering it. The real protocol is tested against the local QStash.
import { ProviderFailure, type Queue, type QueueMessage } from "#brain/kernel/ports.ts";

export function capturedQueue() {
  const published: QueueMessage[] = [];
  let down = false;
  const port: Queue = {
    publish: async (message) => {
      if (down) throw new ProviderFailure("queue_unreachable", { retryable: true });
      published.push(message);
      return { messageId: `msg_${published.length}` };
    },
  };
  return {
    port,
    published,
    /** Every publish fails until `up`. */
    down: () => {
      down = true;
    },
    up: () => {
      down = false;
    },
  };
}
