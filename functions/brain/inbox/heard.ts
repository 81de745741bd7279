/** What a customer's message means for what we send him. */
import { type Heard, saidIn } from "../outbound/index.ts";
import type { MessageFact } from "./project.ts";

/** Null for what a customer did not say: our own words, notes, activity, what was deleted. */
export function heardIn(message: MessageFact): Heard | null {
  const isTheirs = message.sender_type === "contact" && message.message_type === "incoming";
  return isTheirs && !message.private && !message.deleted ? saidIn(message.content) : null;
}
