// The day board in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { call, client, jobFor, technician } from "#test/field/planning.ts";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";

const visit = visitor();

async function house() {
  const w = await world({ now: "2026-11-15T08:00:00.000Z" });
  await w.neon.query("update identity.projects set timezone = 'Europe/Copenhagen' where id = $1", [w.a.project]);
  const people = ["Ida Krogh", "Mads Lind", "Thomas Holm"];
  const techs: string[] = [];
  for (const name of people) techs.push(await technician(w, w.a, { name }));
  const titles = [
    "Boiler makes a noise",
    "Yearly service",
    "Wheel shuts off on bumps",
    "Replace the pump",
    "No hot water",
  ];
  const plan = [
    ["08:00", 90],
    ["10:00", 120],
    ["12:30", 60],
    ["09:00", 45],
    ["13:00", 150],
  ] as const;
  for (const [i, [at, minutes]] of plan.entries()) {
    const job = await jobFor(w, w.a, { client: await client(w, w.a), title: titles[i] ?? "" });
    const { body } = await call(w, w.a, "/v1/field/schedule", {
      json: { job, tech: techs[i % 3], start: `2026-11-16T${at}:00+01:00`, minutes },
    });
    if (i % 2 === 0) await call(w, w.a, `/v1/field/schedule/${body["id"]}/confirm`, { json: { version: 1 } });
  }
  await call(w, w.a, "/v1/field/blackouts", {
    json: { tech: techs[1], from: "2026-11-16T14:00", until: "2026-11-16T16:00" },
  });
  const job = await jobFor(w, w.a, { client: await client(w, w.a), title: "Leak under the sink" });
  return { w, job };
}

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("looked at, searched and booked at %i pixels, %s", async (width, scheme) => {
  const { w, job } = await house();
  const looked = async (name: string) => {
    await picture(`${name}-${width}`);
    expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
  };
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(w, "/console/board?day=2026-11-16", look);
  await looked("board");
  await page.locator("section:has(#free) select[name=job]").selectOption(job);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.locator(".slots button").first().waitFor();
  await looked("board-slots");
  await page.locator(".slots button").first().click();
  await page.getByText("Booked. The client is told by the rules.").waitFor();
  await page.goto(`${site.url}/console/board?day=2026-11-16`);
  await page
    .getByRole("link", { name: /Leak under the sink/ })
    .first()
    .click();
  await page.getByRole("heading", { name: /Leak under the sink/ }).waitFor();
  await looked("appointment");
  await page.goto(`${site.url}/console/calendar/house`);
  await looked("week");
  await page.goto(`${site.url}/console/calendar`);
  await looked("working-time");
  await page.goto(`${site.url}/console/notices`);
  await looked("notices");
  expect(complaints).toEqual([]);
  await context.close();
});
