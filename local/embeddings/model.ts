/** The small English sentence model (Universal Sentence Encoder lite, 512 numbers), loaded in its thread at first use. */
import { Worker } from "node:worker_threads";
import { batchesOf } from "./batches.ts";
import type { Embedder } from "./embedder.ts";
import type { ModelAnswer, ModelRequest } from "./model-thread.ts";

export const MODEL_ID = "use-lite-512@0.2.0";

type Waiting = { text: string; done(vector: number[]): void; failed(error: Error): void };
type Batch = { done(vectors: number[][]): void; failed(error: Error): void };

export class SmallModel implements Embedder {
  readonly model = MODEL_ID;
  #worker: Worker | null = null;
  #waiting: Waiting[] = [];
  #running = false;
  #lastId = 0;
  readonly #batches = new Map<number, Batch>();

  /** Requests that arrive while the model computes are joined into its next batches. */
  embed(texts: string[]): Promise<number[][]> {
    const vectors = texts.map(
      (text) => new Promise<number[]>((done, failed) => this.#waiting.push({ text, done, failed })),
    );
    if (!this.#running) {
      this.#running = true;
      setImmediate(() => void this.#work());
    }
    return Promise.all(vectors);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const wave = this.#waiting.splice(0);
      for (const batch of batchesOf(wave.map((waiting) => waiting.text))) {
        const members = batch.map((index) => wave[index]).filter((member) => member !== undefined);
        await this.#run(members);
      }
    }
    this.#running = false;
  }

  async #run(members: Waiting[]): Promise<void> {
    try {
      const vectors = await this.#ask(members.map((member) => member.text));
      for (const [index, member] of members.entries()) {
        const vector = vectors[index];
        if (vector === undefined) member.failed(new Error("the model answered too few vectors"));
        else member.done(vector);
      }
    } catch (error) {
      for (const member of members) member.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #ask(texts: string[]): Promise<number[][]> {
    this.#lastId += 1;
    const request: ModelRequest = { id: this.#lastId, texts };
    return new Promise((done, failed) => {
      this.#batches.set(request.id, { done, failed });
      this.#thread().postMessage(request);
    });
  }

  /** A thread that died is replaced at the next request. */
  #thread(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL("./model-thread.ts", import.meta.url));
    worker.on("message", (answer: ModelAnswer) => {
      const batch = this.#batches.get(answer.id);
      this.#batches.delete(answer.id);
      if ("error" in answer) batch?.failed(new Error(answer.error));
      else batch?.done(answer.vectors);
    });
    let reason = new Error("the model's thread ended");
    worker.on("error", (error: Error) => {
      reason = error;
    });
    worker.on("exit", () => {
      this.#worker = null;
      for (const batch of this.#batches.values()) batch.failed(reason);
      this.#batches.clear();
    });
    this.#worker = worker;
    return worker;
  }
}
