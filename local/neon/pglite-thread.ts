// PGlite in a thread of its own, so that whoever asks stays free to answer others meanwhile.
import { parentPort, workerData } from "node:worker_threads";
import { type EngineCall, type EngineData, openEngine } from "./pglite-engine.ts";

export type ThreadCall = { id: number } & EngineCall;
export type ThreadReply = { id: number; bytes?: Uint8Array; failure?: string };

const port = parentPort;
if (port === null) throw new Error("pglite-thread.ts runs as a worker thread only");
const engine = await openEngine(workerData as EngineData);

async function answer(call: ThreadCall): Promise<ThreadReply> {
  try {
    return { id: call.id, bytes: await engine.call(call) };
  } catch (cause) {
    return { id: call.id, failure: cause instanceof Error ? cause.message : String(cause) };
  }
}

port.on("message", async (call: ThreadCall) => {
  const reply = await answer(call);
  const transfer = reply.bytes ? [reply.bytes.buffer as ArrayBuffer] : [];
  port.postMessage(reply, transfer);
  if (call.kind === "close") port.close();
});
port.postMessage({ id: 0 } satisfies ThreadReply);
