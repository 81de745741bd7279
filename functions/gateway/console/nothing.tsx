/** The room beside the list while no conversation is open: a question, or how to make the first message arrive. */
import type { Child } from "hono/jsx";

/** `hooks`: addresses for Chatwoot while nothing was ever heard; null once something was. */
export const Nothing = ({ hooks, children }: { hooks: string[] | null; children?: Child }) =>
  hooks ? (
    <section class="pane nothing" aria-label="Getting started">
      <div class="empty">
        <h2>No message has arrived yet</h2>
        <p>In Chatwoot, open Settings, Integrations, Webhooks, and add this address for all events:</p>
        {hooks.length > 0 ? (
          hooks.map((hook) => <code class="hook">{hook}</code>)
        ) : (
          <p>This project has no Chatwoot account yet. An owner binds one.</p>
        )}
        <p>Conversations appear here within seconds, without a reload.</p>
      </div>
    </section>
  ) : (
    <section class="pane nothing" aria-label="Ask">
      <div class="empty">
        <h2>Ask, or open a conversation</h2>
        <p>An answer shows the messages it rests on. Where nobody said it, the answer says so.</p>
        {children}
        <p class="hints">
          <span>
            <kbd>j</kbd> <kbd>k</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
          <span>
            <kbd>?</kbd> all keys
          </span>
        </p>
      </div>
    </section>
  );
