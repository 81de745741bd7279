// A messenger that keeps what it was given and can refuse.
import { type BotCall, type Messenger, ProviderFailure } from "#brain/kernel/ports.ts";

export function capturedMessenger() {
  const sent: { to: string; text: string }[] = [];
  const calls: BotCall[] = [];
  let isDown = false;
  const port: Messenger = {
    send: async (to, text) => {
      if (isDown) throw new ProviderFailure("telegram_unreachable", { retryable: true });
      sent.push({ to, text });
    },
    call: async (call) => {
      if (isDown) throw new ProviderFailure("telegram_unreachable", { retryable: true });
      calls.push(call);
    },
  };
  return {
    port,
    sent,
    /** Methods of the Bot API other than a plain text. */
    calls,
    down: () => {
      isDown = true;
    },
    up: () => {
      isDown = false;
    },
  };
}
