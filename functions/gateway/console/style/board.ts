/** The day board: a table whose cells are quarters of an hour. */

export const board = `
.page.wide { max-width: 1400px; }
.page.wide, .page.wide .closer { grid-template-columns: minmax(0, 1fr); }
.board-scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: var(--round); }
.board { width: 100%; min-width: 960px; border-collapse: collapse; table-layout: fixed; font-size: var(--small); line-height: 18px; }
.board th { padding: 8px; border-bottom: 1px solid var(--line); border-left: 1px solid var(--line); color: var(--faint); font-weight: 500; text-align: left; }
.board th:first-child { position: sticky; left: 0; z-index: 1; width: 152px; border-left: 0; background: var(--paper); color: var(--ink); overflow-wrap: normal; }
.board td { height: 64px; padding: 2px; border-bottom: 1px solid var(--line); border-left: 1px solid var(--line); vertical-align: top; }
.board tr:last-child > td, .board tr:last-child > th { border-bottom: 0; }
.board td.off { background: var(--raised); }
.board td.open { padding: 0; }
.board td.open a { display: block; height: 64px; }
.board td.open a:hover, .board td.open a:focus-visible { background: var(--tint); outline-offset: -2px; }
.board td.taken a { display: grid; align-content: start; height: 100%; min-height: 58px; padding: 3px 8px; border-left: 3px solid var(--accent); border-radius: 4px; background: var(--tint); overflow: hidden; }
.board td.taken.confirmed a { border-color: var(--good); }
.board td.taken.done a { border-color: var(--edge); background: var(--raised); }
.board td.taken.no_show a { border-color: var(--bad); background: var(--alarm); }
.board td.taken .clip { color: var(--soft); }
.slots { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 8px; }
.button.slot { display: grid; gap: 0; justify-items: start; justify-content: start; width: 100%; white-space: normal; text-align: left; font-size: var(--small); line-height: 20px; }
.week { max-width: 760px; }
.week td:first-child select { min-width: 136px; }
.week td:last-child select { min-width: 112px; }
.ticks { display: grid; gap: 4px; font-size: var(--small); }
.ticks label { display: flex; flex: none; justify-content: flex-start; gap: 8px; }
.ticks input.tick { flex: none; width: 18px; min-height: 18px; min-width: 0; }
@media (max-width: 719px) {
  .board th:first-child { width: 96px; }
  .week tr { grid-template-columns: 1fr 1fr; gap: 8px; }
}
`;
