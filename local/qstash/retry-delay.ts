/** The formula of `Upstash-Retry-Delay`: milliseconds, from `retried` and a few functions. https://upstash.com/docs/qstash/features/retry */

/** Counts from 0 before the first retry. */
export type RetryDelay = (retried: number) => number;

const FUNCTIONS: Record<string, (...given: number[]) => number> = {
  pow: (base = Number.NaN, power = Number.NaN) => base ** power,
  sqrt: (x = Number.NaN) => Math.sqrt(x),
  abs: (x = Number.NaN) => Math.abs(x),
  exp: (x = Number.NaN) => Math.exp(x),
  floor: (x = Number.NaN) => Math.floor(x),
  ceil: (x = Number.NaN) => Math.ceil(x),
  round: (x = Number.NaN) => Math.round(x),
  min: Math.min,
  max: Math.max,
};

const OPERATORS: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/** From loosest to tightest. */
const LEVELS = [
  ["+", "-"],
  ["*", "/", "%"],
];

/** Undefined where the text is no such formula, or its value before the first retry is no number. */
export function retryDelayFrom(text: string): RetryDelay | undefined {
  const words = text.match(/\s+|\d+(\.\d+)?|[a-z]+|[-+*/%(),]|./gi) ?? [];
  const formula = new Formula(words.filter((word) => word.trim() !== ""));
  try {
    const value = formula.whole();
    return Number.isFinite(value(0)) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Formula {
  readonly #words: string[];
  #at = 0;

  constructor(words: string[]) {
    this.#words = words;
  }

  whole(): RetryDelay {
    const value = this.#level(0);
    if (this.#at < this.#words.length) throw new SyntaxError(`unexpected ${this.#words[this.#at]}`);
    return value;
  }

  #level(level: number): RetryDelay {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#single();
    let left = this.#level(level + 1);
    for (let sign = this.#words[this.#at]; sign !== undefined && signs.includes(sign); sign = this.#words[this.#at]) {
      this.#at += 1;
      const [a, b, apply] = [left, this.#level(level + 1), OPERATORS[sign]];
      left = (retried) => apply?.(a(retried), b(retried)) ?? Number.NaN;
    }
    return left;
  }

  #single(): RetryDelay {
    const word = this.#words[this.#at++] ?? "";
    if (/^\d/.test(word)) return () => Number(word);
    if (word === "retried") return (retried) => retried;
    if (word === "-") {
      const value = this.#single();
      return (retried) => -value(retried);
    }
    if (word === "(") {
      const value = this.#level(0);
      this.#expect(")");
      return value;
    }
    const apply = Object.hasOwn(FUNCTIONS, word) ? FUNCTIONS[word] : undefined;
    if (apply === undefined) throw new SyntaxError(`unexpected ${word}`);
    const given = this.#arguments();
    return (retried) => apply(...given.map((value) => value(retried)));
  }

  #arguments(): RetryDelay[] {
    this.#expect("(");
    const given = [this.#level(0)];
    while (this.#words[this.#at] === ",") {
      this.#at += 1;
      given.push(this.#level(0));
    }
    this.#expect(")");
    return given;
  }

  #expect(word: string): void {
    if (this.#words[this.#at++] !== word) throw new SyntaxError(`expected ${word}`);
  }
}
