// A messenger that keeps what it was given and can refuse.
import { type Messenger, ProviderFailure } from "#brain/kernel/ports.ts";

export function capturedMessenger() {
  const sent: { to: string; text: string }[] = [];
  let isDown = false;
  const port: Messenger = {
    send: async (to, text) => {
      if (isDown) throw new ProviderFailure("telegram_unreachable", { retryable: true });
      sent.push({ to, text });
    },
  };
  return {
    port,
    sent,
    down: () => {
      isDown = true;
    },
    up: () => {
      isDown = false;
    },
  };
}
