/** What turns texts into vectors behind the local embeddings endpoint: the small model, or a test's double of it. */
export type Embedder = {
  /** Stored beside each vector: vectors of two models are never compared. */
  readonly model: string;
  /** Unit vectors, one per text, in the order of the texts. */
  embed(texts: string[]): Promise<number[][]>;
  close(): Promise<void>;
};
