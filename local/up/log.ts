/** A child's output as a file that never grows beyond two generations, and its last lines for an error message. */
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const MAX_BYTES = 10 * 1024 * 1024;
const TAIL_CHARS = 3_000;

export type Log = { write(bytes: Uint8Array): void; tail(): string; close(): void };

export function openLog(path: string): Log {
  rmSync(path, { force: true });
  let fd: number | null = openSync(path, "a", 0o600);
  let size = fstatSync(fd).size;
  let tail = "";
  return {
    write(bytes) {
      if (fd === null) return;
      writeSync(fd, bytes);
      size += bytes.byteLength;
      tail = (tail + Buffer.from(bytes).toString("utf8")).slice(-TAIL_CHARS);
      if (size < MAX_BYTES) return;
      closeSync(fd);
      renameSync(path, `${path}.1`);
      fd = openSync(path, "a", 0o600);
      size = 0;
    },
    tail: () => stripVTControlCharacters(tail).trim(),
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
