/** What every page has around it: the bar with its places, the plain page, the table, the doors without a bar. */

export const frame = `
.frame { min-height: 100dvh; display: grid; grid-template-rows: auto 1fr; grid-template-columns: minmax(0, 1fr); }
.bar { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 8px; height: var(--bar); padding: 0 16px; border-bottom: 1px solid var(--line); background: var(--paper); }
.home { display: flex; align-items: center; gap: 10px; min-width: 0; font-weight: 600; }
.home svg:first-child { color: var(--accent); }
.home svg + span + svg { color: var(--faint); }
.places { display: flex; gap: 2px; margin-left: 16px; }
.places a { display: flex; align-items: center; gap: 8px; height: 32px; padding: 0 12px; border-radius: var(--round); color: var(--soft); font-weight: 500; }
.places a:hover { background: var(--hover); color: var(--ink); }
.places a[aria-current] { background: var(--raised); color: var(--ink); }
.places svg { display: none; }
.quick { position: relative; flex: 1; max-width: 420px; margin: 0 8px 0 auto; }
.quick input { padding-right: 40px; background: var(--desk); border-color: var(--line); }
.quick .key { position: absolute; right: 8px; top: 8px; pointer-events: none; }
.quick input:focus + .key, .quick input:not(:placeholder-shown) + .key { display: none; }
.menu { position: relative; }
.menu > summary { display: flex; align-items: center; gap: 8px; height: 32px; padding: 0 8px; border-radius: var(--round); list-style: none; cursor: pointer; font-weight: 500; }
.menu > summary::-webkit-details-marker { display: none; }
.menu > summary:hover, .menu[open] > summary { background: var(--hover); }
.menu > div { position: absolute; right: 0; top: 40px; z-index: 4; min-width: 224px; padding: 8px; border: 1px solid var(--line); border-radius: var(--round); background: var(--paper); box-shadow: 0 8px 24px var(--shade); }
.menu.start { margin-left: -8px; }
.menu > summary.home { gap: 10px; font-weight: 600; }
.menu.start > div { right: auto; left: 0; }
.menu > div p { padding: 4px 8px; }
.menu button, .menu a.entry { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 32px; padding: 4px 8px; border: 0; border-radius: 6px; background: none; color: inherit; font: 400 var(--text)/24px var(--sans); text-align: left; cursor: pointer; }
.menu button:hover, .menu a.entry:hover { background: var(--hover); }
.face { display: inline-grid; place-items: center; flex: none; width: 32px; height: 32px; border-radius: 50%; background: var(--raised); color: var(--soft); font-size: var(--small); line-height: 1; font-weight: 600; }
.menu .face { width: 28px; height: 28px; }
.memory { display: flex; align-items: center; height: 32px; padding: 0 10px; border-radius: var(--round); }
.memory:hover { background: var(--hover); }

.page { width: 100%; max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; display: grid; gap: 24px; align-content: start; }
.page-head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; justify-content: space-between; }
.page-head p { color: var(--soft); }
.closer { display: grid; gap: 12px; }
.flash { pointer-events: none; position: fixed; left: 50%; bottom: 24px; z-index: 5; transform: translateX(-50%); width: max-content; max-width: calc(100vw - 32px); background: var(--ink); color: var(--paper); border: 0; box-shadow: 0 8px 24px var(--shade); }
.flash.good svg { color: inherit; }
.flash path { stroke: var(--ink); }

.table { width: 100%; border-collapse: collapse; font-size: var(--small); line-height: 20px; }
.table th { padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); color: var(--faint); font-weight: 500; text-align: left; white-space: nowrap; }
.table td { padding: 10px 16px 10px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.table tr > :last-child { padding-right: 0; }
.table .number, .table .brief { white-space: nowrap; }
.table .number { text-align: right; }
.table .row:hover { background: var(--hover); }
.inline { display: flex; gap: 8px; align-items: center; }
.inline select { width: auto; min-height: 28px; padding: 1px 8px; font-size: var(--small); }
.about { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 24px; font-size: var(--small); line-height: 20px; }
.about dt { color: var(--faint); }
.about dd { overflow-wrap: anywhere; }
.pager { display: flex; gap: 8px; justify-content: space-between; align-items: center; }

.alone { min-height: 100dvh; display: grid; place-items: center; padding: 32px 16px; background: var(--desk); }
.card { width: 100%; max-width: 400px; display: grid; gap: 24px; padding: 32px; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); box-shadow: 0 1px 2px var(--shade); }
.card.wide { max-width: 560px; }
.card form { display: grid; gap: 16px; }
.card header { display: grid; gap: 8px; }
.card header svg { color: var(--accent); }
.card header p { color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.apart { margin-top: 8px; }
.table .actions { flex-wrap: nowrap; }

.keys { width: min(440px, calc(100vw - 32px)); padding: 24px; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); color: var(--ink); box-shadow: 0 24px 64px var(--shade); }
.keys::backdrop { background: light-dark(#1018283d, #000000a0); }
.keys dl { display: grid; grid-template-columns: auto 1fr; gap: 8px 16px; margin: 16px 0 24px; }
.keys dt { display: flex; align-items: center; gap: 4px; }
.keys dd { color: var(--soft); }

@media (max-width: 1099px) {
  .memory .rest { display: none; }
  .menu.start .clip { max-width: 20ch; }
}
@media (max-width: 899px) {
  .quick { display: none; }
  .memory, .bar > .menu:last-child { margin-left: auto; }
  .memory + .menu:last-child { margin-left: 0; }
}
@media (hover: none), (max-width: 719px) {
  .hints { display: none; }
}
@media (max-width: 719px) {
  .frame { grid-template-rows: auto 1fr auto; }
  .bar { height: var(--bar); padding: 0 8px 0 16px; }
  .places { position: fixed; inset: auto 0 0 0; z-index: 3; margin: 0; gap: 0; justify-content: flex-start; overflow-x: auto; height: calc(var(--bar) + env(safe-area-inset-bottom)); padding-bottom: env(safe-area-inset-bottom); border-top: 1px solid var(--line); background: var(--paper); }
  .places a { flex: 1 0 auto; white-space: nowrap; flex-direction: column; justify-content: center; gap: 2px; height: var(--bar); padding: 0 2px; border-radius: 0; font-size: 10px; line-height: 16px; }
  .places a[aria-current] { background: none; color: var(--accent); }
  .places svg { display: block; }
  .menu .name { display: none; }
  .page { padding: 24px 16px calc(var(--bar) + 40px); }
  .flash { bottom: calc(var(--bar) + 16px); }
  .table thead { display: none; }
  .table, .table tbody { display: block; }
  .table tr { display: grid; padding: 12px 0; border-bottom: 1px solid var(--line); }
  .table td { display: block; padding: 0; border: 0; }
  .table tr { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; }
  .table .whole { grid-column: 1 / -1; }
  .table .late { grid-row: 1; grid-column: 2; text-align: right; }
  .table .beside { text-align: right; }
  .card { padding: 24px; }
}
`;
