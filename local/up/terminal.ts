/** What the person who typed `npm start` sees: one line per step, and a bar where a terminal can redraw a line. */

export type Bar = {
  /** `note` stands behind the numbers. */
  update(done: number, note?: string): void;
  /** Leaves this line behind instead of the bar. */
  end(line: string): void;
};

export type Terminal = {
  say(text: string): void;
  /** Times the work and writes one line when it is done. */
  step<T>(name: string, work: () => Promise<{ value: T; note: string }>): Promise<T>;
  bar(given: { label: string; total: number }): Bar;
};

const WIDTH = 28;
/** Where lines cannot be redrawn: one line each time this share more is done. */
const SPARSE = 0.25;
const REDRAW_MS = 100;

export function openTerminal(out: NodeJS.WriteStream): Terminal {
  // Whoever read our output may be gone; that is no reason to fall over while closing.
  out.on("error", () => {});
  const say = (text: string) => void out.write(`${text}\n`);
  return {
    say,
    async step(name, work) {
      const began = performance.now();
      if (out.isTTY) out.write(`  · ${name} …`);
      const { value, note } = await work().finally(() => out.isTTY && out.write("\r\x1b[K"));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`  ${out.isTTY ? "\x1b[32m✓\x1b[0m" : "✓"} ${name.padEnd(10)} ${note.padEnd(52)} ${seconds.padStart(5)} s`);
      return value;
    },
    bar: (given) => (out.isTTY ? redrawn(out, given) : sparse(say, given)),
  };
}

function redrawn(out: NodeJS.WriteStream, { label, total }: { label: string; total: number }): Bar {
  let drawn = 0;
  return {
    update(done, note = "") {
      const now = performance.now();
      if (done < total && now - drawn < REDRAW_MS) return;
      drawn = now;
      const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
      const line = `  ${label} ${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${done}/${total}  ${note}`;
      out.write(`\r\x1b[K${line.slice(0, Math.max(20, out.columns - 1))}`);
    },
    end: (line) => void out.write(`\r\x1b[K  ${line}\n`),
  };
}

function sparse(say: (text: string) => void, { label, total }: { label: string; total: number }): Bar {
  let next = SPARSE;
  return {
    update(done, note = "") {
      if (total === 0 || done / total < next || done === total) return;
      while (next <= done / total) next += SPARSE;
      say(`  ${label} ${done}/${total}  ${note}`.trimEnd());
    },
    end: (line) => say(`  ${line}`),
  };
}
