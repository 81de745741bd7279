// Loaded into wrangler's processes before wrangler: if their parent is killed, they and the workerd they started end at once.
const leader = process.env.OMNEURO_LEASH ?? String(process.pid);
process.env.OMNEURO_LEASH = leader;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid === parent) return;
  try {
    // The whole group: a killed wrangler leaves workerd behind, holding the port.
    process.kill(-Number(leader), "SIGKILL");
  } catch {
    process.exit(1);
  }
}, 250).unref();
