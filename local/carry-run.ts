/** The terminal's side of taking a project along: where from, with which key, into which folder. */
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { asker, exportTo, importFrom, Refused } from "./carry.ts";
import { localFile } from "./up/addresses.ts";
import { readSettings } from "./up/settings.ts";

const usage = `npm run export -- --folder <new or begun> [--mine]
npm run import -- --folder <of an export>
OMNEURO_URL and OMNEURO_API_KEY name another installation than npm start's; an owner's key, asked for where there is none.`;

async function address(): Promise<{ url: string; key: string }> {
  const file = localFile(readSettings(process.env).data);
  const named = process.env["OMNEURO_URL"];
  const here =
    !named && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { url: string; apiKey: string }) : null;
  const url = named ?? here?.url;
  if (!url) throw new Error(`No address: is npm start running?\n${usage}`);
  const known = process.env["OMNEURO_API_KEY"] ?? here?.apiKey;
  if (known) return { url, key: known };
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const key = (await asked.question("API key: ")).trim();
  asked.close();
  return { url, key };
}

async function main(): Promise<void> {
  const options = { folder: { type: "string" }, mine: { type: "boolean", default: false } } as const;
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [what] = positionals;
  const { folder, mine } = values;
  if (!folder || (what !== "export" && what !== "import")) throw new Error(usage);
  const ask = asker(await address());
  const say = (line: string) => console.log(line);
  if (what === "export") {
    const { id, parts } = await exportTo(ask, { folder, mine, say });
    console.log(
      `${id}: ${parts} parts in ${folder}. The file hash-key in it is a secret: it makes opt-outs hold where the project is brought in.`,
    );
    return;
  }
  const { id, lines } = await importFrom(ask, { folder, say });
  console.log(`${id}: ${lines} lines are here. Their meaning is found again in the background.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Refused || error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
